"""distilabel's Pipeline with OpenAILLM; what is in flight is its batch size."""

from __future__ import annotations

import logging
import os

from benchmarks.peers.job import ANSWER, ONE, QUESTION, SCORE, read_arguments, read_rows

os.environ["HF_HUB_OFFLINE"] = "1"
logging.getLogger("httpx2").setLevel(
    logging.WARNING
)  # a newer openai's client, which distilabel does not silence

from distilabel.models.llms import OpenAILLM  # noqa: E402
from distilabel.pipeline import Pipeline  # noqa: E402
from distilabel.steps import LoadDataFromDicts  # noqa: E402
from distilabel.steps.tasks import TextGeneration  # noqa: E402

READ = read_arguments()


def _step(name: str, template: str, columns: list[str]) -> TextGeneration:
    model = OpenAILLM(
        model="bench",
        base_url=READ.url,
        api_key="none",
        timeout=int(READ.timeout),
        generation_kwargs={"max_new_tokens": 256},
    )
    return TextGeneration(
        name=f"make_{name}",
        llm=model,
        template=template,
        columns=columns,
        input_batch_size=READ.concurrency,
        output_mappings={"generation": name, "model_name": f"model_{name}"},
    )


def main() -> None:
    """Run."""
    with Pipeline(name="bench", cache_dir=str(READ.work / "cache")) as pipeline:
        load = LoadDataFromDicts(name="load", data=read_rows(READ.rows), batch_size=READ.concurrency)
        if READ.steps == 1:
            last = "answer"
            load >> _step("answer", ONE, ["prompt"])
        else:
            last = "score"
            question = _step("question", QUESTION, ["number", "prompt"])
            answer = _step("answer", ANSWER, ["number", "question"])
            load >> question >> answer >> _step("score", SCORE, ["number", "question", "answer"])
    made = pipeline.run()["default"]["train"]
    made.filter(lambda row: row[last] is not None).to_json(str(READ.out))


if __name__ == "__main__":
    main()
