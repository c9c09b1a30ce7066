"""Lets TRL's trainers take one step on files of ours, in a process of its own: no byte of the data is changed on the way.

    python trl_trains.py dpo=FOLDER_OR_FILE kto=FILE …

prints one JSON object a trainer: ``trainer``, ``rows`` that it kept after its own preparation, ``loss``. The model is made
on the spot: one layer of width 16 over bytes, with a chat template of three lines.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

datasets: Any = importlib.import_module("datasets")  # its name is that of a folder here, too
transformers: Any = importlib.import_module("transformers")  # much of it is untyped
trl: Any = importlib.import_module("trl")
_TEMPLATE = (
    "{% for message in messages %}<s>{{ message['role'] }}\n{{ message['content'] }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<s>assistant\n{% endif %}"
)


def tokenizer() -> Any:
    """Return a tokenizer of single bytes."""
    signs = ["<pad>", "<s>", "</s>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    made = Tokenizer(models.BPE(vocab={sign: n for n, sign in enumerate(signs)}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    ends = dict(zip(("pad_token", "bos_token", "eos_token"), signs[:3], strict=True))
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=made, **ends)
    fast.chat_template = _TEMPLATE
    return fast


def config(**more: Any) -> Any:
    """Return the shape of the model."""
    sizes: dict[str, Any] = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1}
    heads: dict[str, Any] = {
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "max_position_embeddings": 1024,
    }
    return transformers.LlamaConfig(
        vocab_size=259, pad_token_id=0, bos_token_id=1, eos_token_id=2, **sizes, **heads, **more
    )


def read(path: Path) -> Any:
    """Return the rows as the datasets library reads them: a dataset's folder, or a JSON-lines file."""
    if path.is_dir():
        return datasets.load_dataset(str(path), split="train")
    return datasets.Dataset.from_json(str(path))


def trainer_of(name: str, rows: Any, folder: str) -> Any:
    """Return a trainer with its rows, ready for one step."""
    said: dict[str, Any] = {
        "output_dir": folder,
        "max_steps": 1,
        "per_device_train_batch_size": 2,
        "disable_tqdm": True,
    }
    said |= {"report_to": "none", "save_strategy": "no", "use_cpu": True, "logging_strategy": "no"}
    torch.manual_seed(0)
    given: dict[str, Any] = {"train_dataset": rows, "processing_class": tokenizer()}
    if name == "sft":
        return trl.SFTTrainer(transformers.LlamaForCausalLM(config()), args=trl.SFTConfig(**said), **given)
    if name == "reward":
        scoring = transformers.LlamaForSequenceClassification(
            config(id2label={0: "reward"}, label2id={"reward": 0})
        )
        return trl.RewardTrainer(scoring, args=trl.RewardConfig(**said), **given)
    model, reference = transformers.LlamaForCausalLM(config()), transformers.LlamaForCausalLM(config())
    if name == "kto":
        return trl.KTOTrainer(model, reference, args=trl.KTOConfig(**said), **given)
    return trl.DPOTrainer(model, reference, args=trl.DPOConfig(**said), **given)


def main(words: list[str]) -> None:
    """Train and tell."""
    for word in words:
        name, _, path = word.partition("=")
        with tempfile.TemporaryDirectory() as folder:
            trainer = trainer_of(name, read(Path(path)), folder)
            loss = trainer.train().training_loss
            told = {"trainer": name, "rows": len(trainer.train_dataset), "loss": loss}
            sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
