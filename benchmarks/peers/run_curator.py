"""bespokelabs-curator's LLM on its OpenAI backend. A chain is three LLM objects, one after the other."""

from __future__ import annotations

import os
from typing import Any

from benchmarks.peers.job import ANSWER, ONE, QUESTION, SCORE, filled, read_arguments, read_rows

READ = read_arguments("require")
os.environ.update(
    TELEMETRY_ENABLED="false",
    CURATOR_VIEWER="0",
    CURATOR_DISABLE_RICH_DISPLAY="1",
    CURATOR_CACHE_DIR=str(READ.work / "cache"),
    OPENAI_API_KEY="none",
    HF_HUB_OFFLINE="1",
    LITELLM_LOCAL_MODEL_COST_MAP="True",
)
from bespokelabs import curator  # noqa: E402 - it reads the environment when it is imported


def _step(name: str, template: str) -> type[Any]:
    def prompt(self: Any, row: dict[str, Any]) -> str:  # noqa: ARG001
        text: str = filled(template, row)
        return text

    def parse(self: Any, row: dict[str, Any], said: str) -> dict[str, Any]:  # noqa: ARG001
        return {**row, name: said}

    return type(name.title(), (curator.LLM,), {"prompt": prompt, "parse": parse})


def main() -> None:
    """Run."""
    limits = {
        "base_url": READ.url,
        "max_requests_per_minute": 100_000_000,
        "max_tokens_per_minute": 1_000_000_000_000,
        "max_concurrent_requests": READ.concurrency,
        "request_timeout": int(READ.timeout),
    }
    if READ.require:
        limits["require_all_responses"] = READ.require == "1"
    steps = (
        [("answer", ONE)]
        if READ.steps == 1
        else [("question", QUESTION), ("answer", ANSWER), ("score", SCORE)]
    )
    rows: Any = read_rows(READ.rows)
    for name, template in steps:
        model = _step(name, template)(
            model_name="bench",
            backend="openai",
            backend_params=dict(limits),
            generation_params={"max_tokens": 256},
        )
        made = model(rows)
        rows = getattr(made, "dataset", made)
    rows.to_json(str(READ.out))


if __name__ == "__main__":
    main()
