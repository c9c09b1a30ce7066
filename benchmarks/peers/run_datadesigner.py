"""NVIDIA's data-designer. ``--buffer N`` is its row group's size, ``--resume 1`` goes on."""

from __future__ import annotations

import os
from typing import Any

from benchmarks.peers.job import ANSWER, ONE, QUESTION, SCORE, read_arguments, read_rows

READ = read_arguments("buffer", "resume")
os.environ.update(
    NEMO_TELEMETRY_ENABLED="false",
    HF_HUB_OFFLINE="1",
    DATA_DESIGNER_HOME=str(READ.work.parent / "datadesigner-home"),
)
import pandas as pd  # noqa: E402
from data_designer import config  # noqa: E402
from data_designer.interface import DataDesigner  # noqa: E402


def main() -> None:
    """Run."""
    seed = READ.work / "seed.parquet"
    rows = read_rows(READ.rows)
    if not seed.exists():
        pd.DataFrame(rows).to_parquet(seed)
    provider = config.ModelProvider(name="bench", endpoint=READ.url, provider_type="openai", api_key="none")
    parameters = config.ChatCompletionInferenceParams(
        max_parallel_requests=READ.concurrency, max_tokens=256, timeout=int(READ.timeout)
    )
    model = config.ModelConfig(
        alias="m", model="bench", provider="bench", skip_health_check=True, inference_parameters=parameters
    )
    builder = config.DataDesignerConfigBuilder(model_configs=[model])
    builder.with_seed_dataset(config.LocalFileSeedSource(path=str(seed)))
    steps = (
        [("answer", ONE)]
        if READ.steps == 1
        else [("question", QUESTION), ("answer", ANSWER), ("score", SCORE)]
    )
    for name, template in steps:
        builder.add_column(config.LLMTextColumnConfig(name=name, model_alias="m", prompt=template))
    designer = DataDesigner(artifact_path=READ.work, model_providers=[provider])
    settings: dict[str, Any] = {"disable_early_shutdown": True, "otel_metrics_port": None}
    if READ.buffer:
        settings["buffer_size"] = int(READ.buffer)
    designer.set_run_config(config.RunConfig(**settings))
    more: dict[str, Any] = {}
    if READ.resume:
        from data_designer.config.run_config import ResumeMode

        more["resume"] = ResumeMode.IF_POSSIBLE
    made = designer.create(builder, num_records=len(rows), dataset_name="bench", **more).load_dataset()
    made[made[steps[-1][0]].notna()].to_json(READ.out, orient="records", lines=True)


if __name__ == "__main__":
    main()
