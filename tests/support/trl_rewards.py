"""Lets TRL's GRPOTrainer take one step under our reward, in a process of its own, on a model that is made on the spot.

    python trl_rewards.py ROWS.jsonl

prints one JSON object: ``steps``, the mean ``reward`` that the trainer logged, and for each call of the reward the ``kinds``
of completions and the ``columns`` that came with them.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch

from tanemaki.verify.reward import reward

transformers: Any = importlib.import_module("transformers")
trl: Any = importlib.import_module("trl")


def main(path: str) -> None:
    """Train one step and tell."""
    tiny: Any = importlib.import_module("trl_trains")  # beside this file, which is run by its path
    calls: list[dict[str, Any]] = []

    def told(completions: list[Any], **columns: Any) -> list[float]:
        scores = reward(completions, **columns)
        kinds = sorted({type(one).__name__ for one in completions})
        calls.append({"kinds": kinds, "columns": sorted(columns), "scores": scores})
        return scores

    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        trainer = trl.GRPOTrainer(
            transformers.LlamaForCausalLM(tiny.config()),
            reward_funcs=told,
            args=trl.GRPOConfig(
                output_dir=folder,
                max_steps=1,
                per_device_train_batch_size=4,
                num_generations=4,
                max_completion_length=8,
                disable_tqdm=True,
                report_to="none",
                save_strategy="no",
                use_cpu=True,
                logging_steps=1,
            ),
            train_dataset=tiny.read(Path(path)),
            processing_class=tiny.tokenizer(),
        )
        trainer.train()
        logged = next(one["reward"] for one in trainer.state.log_history if "reward" in one)
        sys.stdout.write(
            json.dumps({"steps": trainer.state.global_step, "reward": logged, "calls": calls}) + "\n"
        )


if __name__ == "__main__":
    main(sys.argv[1])
