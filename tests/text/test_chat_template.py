"""Chat templates, byte by byte. Every expected text was written down from the file that is named beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from tanemaki.core.errors import SetupError
from tanemaki.core.record import Message
from tanemaki.text.chat_template import ChatTemplate, Render, chat_template, learn, template_names

USER, ANSWER, NEXT = "葛湯とは何ですか。", "葛粉を湯で溶いた飲み物です。", "Is it hot?"
TURNS: list[Message] = [
    {"role": "user", "content": USER},
    {"role": "assistant", "content": ANSWER},
    {"role": "user", "content": NEXT},
]
CUTTING = "chujiezheng/chat_templates chat_templates"
FASTCHAT = "lm-sys/FastChat fastchat/conversation.py"

# Name, file, the whole up to the assistant's second slot (with the first token), the empty slot after a system text.
BYTES = [
    (
        "chatml",
        f"{CUTTING}/chatml.jinja",
        (
            f"<|im_start|>user\n{USER}<|im_end|>\n<|im_start|>assistant\n{ANSWER}<|im_end|>\n"
            f"<|im_start|>user\n{NEXT}<|im_end|>\n<|im_start|>assistant\n"
        ),
        "<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\n",
    ),
    (
        "llama-2",
        f"{CUTTING}/llama-2-chat.jinja",
        f"<s>[INST] {USER} [/INST] {ANSWER} </s><s>[INST] {NEXT} [/INST]",
        "<s>[INST] <<SYS>>\nYou help.\n<</SYS>>\n\n",
    ),
    (
        "llama-3",
        f"{FASTCHAT} (llama-3)",
        (
            f"<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n{USER}<|eot_id|>"
            f"<|start_header_id|>assistant<|end_header_id|>\n\n{ANSWER}<|eot_id|>"
            f"<|start_header_id|>user<|end_header_id|>\n\n{NEXT}<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n"
        ),
        (
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nYou help.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\n"
        ),
    ),
    (
        "gemma",
        f"{CUTTING}/gemma-it.jinja; {FASTCHAT} (gemma)",
        (
            f"<bos><start_of_turn>user\n{USER}<end_of_turn>\n<start_of_turn>model\n{ANSWER}<end_of_turn>\n"
            f"<start_of_turn>user\n{NEXT}<end_of_turn>\n<start_of_turn>model\n"
        ),
        "<bos><start_of_turn>user\nYou help.\n\n",
    ),
    (
        "mistral",
        f"{CUTTING}/mistral-instruct.jinja",
        f"<s>[INST] {USER} [/INST] {ANSWER}</s>[INST] {NEXT} [/INST]",
        "<s>You help.\n\n[INST] ",
    ),
    (
        "qwen2.5",
        f"{CUTTING}/qwen2.5-instruct.jinja",
        (
            "<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n"
            f"<|im_start|>user\n{USER}<|im_end|>\n<|im_start|>assistant\n{ANSWER}<|im_end|>\n"
            f"<|im_start|>user\n{NEXT}<|im_end|>\n<|im_start|>assistant\n"
        ),
        "<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\n",
    ),
    (
        "phi-3",
        f"{CUTTING}/phi-3.jinja",
        f"<|user|>\n{USER}<|end|>\n<|assistant|>\n{ANSWER}<|end|>\n<|user|>\n{NEXT}<|end|>\n<|assistant|>\n",
        "<|system|>\nYou help.<|end|>\n<|user|>\n",
    ),
    (
        "llm-jp-3",
        "wandb/llm-leaderboard chat_templates/llm-jp/llm-jp-3-172b-beta2-instruct2.jinja",
        (
            "<s>以下は、タスクを説明する指示です。要求を適切に満たす応答を書きなさい。"
            f"\n\n### 指示:\n{USER}\n\n### 応答:\n{ANSWER}</s>\n\n### 指示:\n{NEXT}\n\n### 応答:\n"
        ),
        None,
    ),
    (
        "alpaca",
        f"{CUTTING}/alpaca.jinja",
        f"<s>### Instruction:\n{USER}\n\n### Response:\n{ANSWER}</s>\n\n### Instruction:\n{NEXT}\n\n### Response:\n",
        "<s>You help.\n\n### Instruction:\n",
    ),
]
EACH = pytest.mark.parametrize(
    ("name", "file", "dialogue", "with_system"), BYTES, ids=[row[0] for row in BYTES]
)


def test_every_known_template_is_held_here() -> None:
    assert [row[0] for row in BYTES] == list(template_names())


@EACH
def test_the_bytes_are_those_of_the_file(
    name: str, file: str, dialogue: str, with_system: str | None
) -> None:
    """Fault 7: prompts were not wrapped in the model's chat template."""
    template = chat_template(name)
    assert template.reply(TURNS, with_bos=True).encode() == dialogue.encode()
    assert any(re.split(r"; | \(", file)[0] in origin for origin in template.origin)
    assert template.has_system == (with_system is not None)
    if with_system is not None:
        assert template.query(system="You help.", with_bos=True).encode() == with_system.encode()


@EACH
def test_the_empty_slot_is_the_dialogue_up_to_the_users_words(
    name: str, file: str, dialogue: str, with_system: str | None
) -> None:
    template = chat_template(name)
    assert template.query(with_bos=True) == dialogue[: dialogue.index(USER)]
    assert template.query(TURNS[:2], with_bos=True) == dialogue[: dialogue.index(NEXT)]
    assert template.query(with_bos=True) == template.bos + template.query(), f"{file}: {with_system}"


@pytest.mark.parametrize("name", [row[0] for row in BYTES])
def test_every_turn_of_a_known_template_has_an_end(name: str) -> None:
    """Fault 26: a template without an end token passed unnoticed."""
    template = chat_template(name)
    assert any(stop in template.response for stop in template.stops)
    assert any(template.next_query.lstrip().startswith(stop) for stop in template.stops)


def headings(eos: str) -> Render:
    """The form of wandb/llm-leaderboard chat_templates/defaults/template_alpaca_ja.jinja, which writes no end token."""

    def render(messages: Sequence[Message], answers: bool) -> str:  # noqa: FBT001 - a Render
        heads = {"user": "### 指示:\n", "assistant": "### 応答:\n"}
        told = "".join(
            f"{heads[m['role']]}{m['content']}{eos if m['role'] == 'assistant' else ''}\n\n"
            for m in messages
            if m["role"] in heads
        )
        return told + (heads["assistant"] if answers else "")

    return render


def test_a_template_without_an_end_token_is_refused_before_anything_is_sent() -> None:
    """Fault 26: a template without an end token passed unnoticed."""
    with pytest.raises(SetupError, match="the chat template '見出し' does not end an answer"):
        learn("見出し", headings(""))
    learned = learn("見出し", headings("</s>"), eos="</s>")
    assert learned.stops == ("\n\n### 応答:", "</s>")
    with pytest.raises(SetupError, match="does not end a user's turn"):
        ChatTemplate("x", "[INST] ", " ", "</s>[INST] ", ("</s>",))
    with pytest.raises(SetupError, match="does not end an answer"):
        ChatTemplate(
            "x", "<|im_start|>user\n", "<|im_end|>\n", "<|im_start|>user\n", ("<|im_start|>", "<|im_end|>")
        )


@pytest.mark.parametrize("name", [row[0] for row in BYTES])
def test_a_renderer_of_the_same_form_is_learnt_as_the_same_template(name: str) -> None:
    known = chat_template(name)

    def render(messages: Sequence[Message], answers: bool) -> str | None:  # noqa: FBT001 - a Render
        told = next((m["content"] for m in messages if m["role"] == "system"), "")
        turns = [m for m in messages if m["role"] != "system"]
        system = told if known.has_system else ""
        if turns[-1]["role"] == "user" and answers:
            return known.reply(turns, system, with_bos=True)
        whole = known.query(turns[:-1], system, with_bos=True)
        return whole + str(turns[-1]["content"])

    learned = learn(name, render, bos=known.bos, eos="</s>")
    for turns in ([], TURNS[:2]):
        assert learned.query(turns) == known.query(turns)
    assert learned.reply(TURNS, with_bos=True) == known.reply(TURNS, with_bos=True)
    assert learned.has_system == known.has_system
    if known.has_system:
        assert learned.query(system="助けます。") == known.query(system="助けます。")


def test_a_renderer_that_changes_its_turns_is_refused() -> None:
    def forgets(messages: Sequence[Message], answers: bool) -> str:  # noqa: FBT001 - a Render
        told = "".join(f"<{m['role']}>{m['content']}</s>" for m in messages[-3:])
        return told + ("<assistant>" if answers else "")

    with pytest.raises(SetupError, match="changes its turns as a dialogue goes on"):
        learn("x", forgets, eos="</s>")
    with pytest.raises(SetupError, match="does not show what it is given"):
        learn("x", lambda _messages, _answers: "", eos="</s>")


def test_a_sentence_for_any_system_text_belongs_to_the_slot() -> None:
    def render(messages: Sequence[Message], answers: bool) -> str:  # noqa: FBT001 - a Render
        forms = {"system": "指示に従いなさい。", "user": "<u>{}</u>", "assistant": "<a>{}</s>"}
        return "".join(forms[m["role"]].format(m["content"]) for m in messages) + ("<a>" if answers else "")

    learned = learn("x", render, eos="</s>")
    assert learned.query() == "指示に従いなさい。<u>"
    assert not learned.has_system


def test_what_is_wrong_is_told_with_what_would_be_right() -> None:
    with pytest.raises(SetupError, match="there is no chat template 'chatmll'") as found:
        chat_template("chatmll")
    assert found.value.next == "did you mean 'chatml'?"
    with pytest.raises(SetupError, match="'llm-jp-3' has no place for a system text"):
        chat_template("llm-jp-3").query(system="コードの相談に乗ります。")


def test_braces_and_spaces_in_the_words_do_no_harm() -> None:
    template = chat_template("chatml")
    shown = template.query(
        [{"role": "user", "content": " {system} {x} "}, {"role": "assistant", "content": "{y}\n"}], "{z}"
    )
    assert "\n{system} {x}<|im_end|>" in shown
    assert "\n{y}<|im_end|>" in shown
    assert shown.startswith("<|im_start|>system\n{z}<|im_end|>")
