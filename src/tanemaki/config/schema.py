"""What a run file may say. One model is the truth for the YAML file, the flags, the editor's schema and the Python API.

Recipes are Python; a run is one YAML file. Unknown keys are errors. Keys are never written into a run file: ``key_env``
names the environment variable that holds one.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tanemaki.core.model import Sampling


class Strict(BaseModel):
    """A part of the run file that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SamplingSettings(Strict):
    """How tokens are drawn; what is left out is the recipe's default, then the endpoint's."""

    temperature: float | None = Field(None, ge=0, description="0 is greedy")
    top_p: float | None = Field(None, gt=0, le=1)
    top_k: int | None = Field(None, ge=0)
    min_p: float | None = Field(None, ge=0, le=1)
    max_tokens: int | None = Field(None, ge=1, description="longest reply in tokens, thinking included")
    stop: list[str] = Field(default_factory=list)
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    repetition_penalty: float | None = Field(None, gt=0)

    def to_sampling(self) -> Sampling:
        """Return the engine's form."""
        values = self.model_dump()
        return Sampling(**{**values, "stop": tuple(values["stop"])})


class Price(Strict):
    """USD per million tokens."""

    input: float = Field(ge=0, description="USD per million prompt tokens")
    output: float = Field(ge=0, description="USD per million completion tokens, thinking included")


class ModelSettings(Strict):
    """One role's model."""

    kind: Literal["openai", "local", "scripted", "replay"] = Field(
        "openai",
        description="openai: any OpenAI-compatible endpoint; local: a GGUF file on this processor; "
        "scripted: replies from a file; replay: recorded replies of another run",
    )
    endpoint: str | None = Field(None, description="base address, e.g. http://localhost:8000/v1")
    name: str | None = Field(None, description="the model's name as the endpoint knows it")
    key_env: str | None = Field(None, description="environment variable that holds the key")
    headers: dict[str, str] = Field(default_factory=dict, description="further headers, without secrets")
    headers_env: dict[str, str] = Field(default_factory=dict, description="header → environment variable")
    proxy: str | None = None
    extra_body: dict[str, Any] = Field(default_factory=dict, description="keys added to every request's body")
    sampling: SamplingSettings = Field(default_factory=SamplingSettings)
    price: Price | None = None
    concurrency: int = Field(16, ge=1, le=4096, description="requests in flight at once")
    timeout_s: float = Field(600, gt=0, description="seconds until a request is given up and tried again")
    retries: int = Field(5, ge=0, description="further tries of a call that failed")
    send_seed: bool = Field(True, description="send a seed with every request (off for endpoints that refuse it)")
    capabilities: list[str] | None = Field(None, description="overrides what the endpoint is taken to offer")
    file: str | None = Field(None, description="local: path of a GGUF file; scripted, replay: the file of replies")
    hub: str | None = Field(None, description="local: Hub repository of the GGUF file")
    hub_file: str | None = Field(None, description="local: the file's name in that repository")
    sha256: str | None = Field(None, description="local: expected hash of the downloaded file")
    context: int = Field(2048, ge=256, description="local: tokens of context per slot")
    slots: int = Field(16, ge=1, description="local: replies written side by side")


class SourceSettings(Strict):
    """Where the first records come from."""

    kind: Literal["personas", "jsonl", "parquet", "csv", "hub", "finepersonas", "persona_hub"] = Field(
        description="personas: drawn from attribute tables; jsonl, parquet, csv: files; hub: a Hub data set; "
        "finepersonas, persona_hub: files in these schemas",
    )
    path: str | None = Field(None, description="a file, a folder or a glob")
    name: str | None = Field(None, description="hub: repository of the data set")
    config: str | None = Field(None, description="hub: configuration of the data set")
    split: str = Field("train", description="hub: split of the data set")
    revision: str | None = Field(None, description="hub: commit or tag")
    shape: Literal["messages", "qa", "prompt_completion", "alpaca", "sharegpt", "preference", "roles", "text"] | None = (
        Field(None, description="what a row looks like; found by itself if left out")
    )
    map: dict[str, str] = Field(default_factory=dict, description="recipe's field → column of the file")
    licence: str | None = Field(None, description="licence of the rows, for lineage and card; never guessed")
    labels: list[str] = Field(default_factory=list, description="finepersonas: only rows with one of these labels")


class Limits(Strict):
    """Where a run stops cleanly. None is no limit."""

    requests: int | None = Field(None, ge=0, description="requests sent")
    tokens: int | None = Field(None, ge=0, description="prompt and completion tokens")
    cost_usd: float | None = Field(None, ge=0)
    minutes: float | None = Field(None, gt=0, description="wall time")
    failed_share: float | None = Field(0.2, ge=0, le=1, description="share of rows that may fail, once 20 have ended")


class RunFile(Strict):
    """One run."""

    recipe: str = Field(description="name of a recipe, or path of a recipe's folder")
    language: Literal["ja", "en"] = Field(description="language of the prompts and of the dataset")
    rows: int | None = Field(None, ge=1, description="accepted rows wanted; left out: all that the source gives")
    limit: int | None = Field(None, ge=1, description="at most so many rows of the source")
    seed: int = Field(0, description="names every random draw")
    source: SourceSettings
    models: dict[str, ModelSettings] = Field(default_factory=dict, description="role → model")
    options: dict[str, Any] = Field(default_factory=dict, description="the recipe's own options")
    prompts: str | None = Field(None, description="folder of prompts that replace the recipe's, by language and name")
    limits: Limits = Field(default_factory=Limits)
    output: str = Field(description="folder of the run")
    licence: str | None = Field(None, description="licence of the dataset, for the card; never guessed")
    formats: list[Literal["parquet", "jsonl"]] = Field(default_factory=lambda: ["parquet"])
