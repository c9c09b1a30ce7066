"""datatrove's InferenceRunner against an endpoint. ``--chunk N`` turns its checkpoints on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from datatrove.data import Document
from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.inference.run_inference import InferenceConfig, InferenceRunner
from datatrove.pipeline.writers import JsonlWriter

from benchmarks.peers.job import ANSWER, QUESTION, SCORE, filled, read_arguments

READ = read_arguments("chunk")


def documents(data: Any = None, rank: int = 0, world_size: int = 1) -> Iterator[Document]:  # noqa: ARG001
    """Give the rows as documents."""
    with READ.rows.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield Document(text=row["prompt"], id=row["number"])


async def rollout(document: Document, generate: Any) -> dict[str, Any]:
    """Make the calls of one row."""

    async def ask(text: str) -> str:
        said = await generate({"messages": [{"role": "user", "content": text}]})
        return str(said.text)

    row = {"number": document.id, "prompt": document.text}
    if READ.steps == 1:
        return {**row, "answer": await ask(document.text)}
    for name, prompt in (("question", QUESTION), ("answer", ANSWER), ("score", SCORE)):
        row[name] = await ask(filled(prompt, row))
    return row


def main() -> None:
    """Run."""
    config = InferenceConfig(
        server_type="endpoint",
        endpoint_url=READ.url,
        api_key="none",
        model_name_or_path="bench",
        max_concurrent_generations=READ.concurrency,
        max_concurrent_documents=READ.concurrency,
        default_generation_params={"max_tokens": 256},
        request_timeout=READ.timeout,
    )
    kept = (
        {"checkpoints_local_dir": str(READ.work / "checkpoints"), "records_per_chunk": int(READ.chunk)}
        if READ.chunk
        else {}
    )
    writer = JsonlWriter(
        str(READ.work / "out"), output_filename="${rank}_chunk_${chunk_index}.jsonl", compression=None
    )
    runner = InferenceRunner(rollout_fn=rollout, config=config, output_writer=writer, **kept)
    LocalPipelineExecutor(
        pipeline=[documents, runner],
        tasks=1,
        workers=1,
        logging_dir=str(READ.work / "logs"),
        skip_completed=bool(READ.chunk),
    ).run()
    with READ.out.open("w", encoding="utf-8") as out:
        for path in sorted((READ.work / "out").glob("*.jsonl")):
            for line in path.open(encoding="utf-8"):
                if json.loads(line)["metadata"].get("rollout_results"):
                    out.write(line)


if __name__ == "__main__":
    main()
