"""What a run file may say. One model is the truth for the YAML file, the flags, the editor's schema and the Python API.

Recipes are Python; a run is one YAML file. Unknown keys are errors, and so are keys that do nothing for the chosen kind.
Values are taken as they stand: ``"5"`` is a text and ``true`` is no number. Keys are never written into a run file:
``key_env`` names the environment variable that holds one.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from tanemaki.config import rules
from tanemaki.core.model import Capability, Sampling


class Strict(BaseModel):
    """A part of the run file that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
    kinds_of_key: ClassVar[rules.KeyKinds] = {}

    def foreign_keys(self) -> frozenset[str]:
        """Return the keys that mean nothing for the chosen ``kind``."""
        kind = getattr(self, "kind", None)
        return frozenset(key for key, kinds in self.kinds_of_key.items() if kind not in kinds)


class SamplingSettings(Strict):
    """How tokens are drawn; what is left out is the recipe's default, then the endpoint's."""

    temperature: float | None = Field(None, ge=0, description="0 is greedy")
    top_p: float | None = Field(None, gt=0, le=1, description="draw among the likeliest tokens of this mass")
    top_k: int | None = Field(None, ge=0, description="draw among so many tokens; 0 is all")
    min_p: float | None = Field(
        None, ge=0, le=1, description="least probability, as a share of the likeliest's"
    )
    max_tokens: int | None = Field(None, ge=1, description="longest reply in tokens, thinking included")
    stop: list[str] = Field(default_factory=list, description="texts at which a reply ends")
    frequency_penalty: float | None = Field(None, description="against tokens that came often")
    presence_penalty: float | None = Field(None, description="against tokens that came at all")
    repetition_penalty: float | None = Field(None, gt=0, description="1 is none; not every server knows it")

    def to_sampling(self) -> Sampling:
        """Return the engine's form."""
        values = self.model_dump()
        return Sampling(**{**values, "stop": tuple(values["stop"])})


class Price(Strict):
    """USD per million tokens."""

    input: float = Field(ge=0, description="USD per million prompt tokens")
    output: float = Field(ge=0, description="USD per million completion tokens, thinking included")
    origin: str | None = Field(
        None, description="where the price stands, for people; filled in where it comes from a file of prices"
    )


class BatchSettings(Strict):
    """Batch files instead of single requests: answered within a day, and most services price them apart."""

    size: int = Field(
        50_000,
        ge=1,
        le=50_000,
        description="most requests in one batch; so many rows are in memory at once, some 15 kB each",
    )
    bytes: int = Field(190_000_000, ge=1_000, description="longest file of requests")
    age_s: float = Field(
        600, gt=0, description="seconds that the first request of a batch waits for others at most"
    )
    margin: float = Field(
        0.1, ge=0, description="share by which more is asked for than `rows` needs at the measured acceptance"
    )
    poll_s: float = Field(
        15, gt=0, description="seconds until a batch is looked after for the first time; the pauses grow"
    )


Address = Annotated[str, AfterValidator(rules.check_address)]
Variable = Annotated[str, AfterValidator(rules.check_variable)]


class EndpointSettings(Strict):
    """One of several endpoints that answer a role with the same model. What is left out is taken from the role."""

    endpoint: Address = Field(description="base address, e.g. http://localhost:8000/v1")
    name: str | None = Field(
        None, min_length=1, description="the model's name at this endpoint, where it is another one there"
    )
    key_env: Variable | None = Field(None, description="environment variable that holds the key")
    headers: dict[str, str] | None = Field(None, description="further headers, without secrets")
    headers_env: dict[str, Variable] | None = Field(
        None, description="header → environment variable that holds its value"
    )
    proxy: Address | None = Field(None, description="address of a proxy, without a password")
    price: Price | None = Field(None, description="what tokens cost here")
    concurrency: int | None = Field(None, ge=1, le=4096, description="requests in flight at once")
    requests_per_minute: int | None = Field(None, ge=1, description="requests that it allows in a minute")
    tokens_per_minute: int | None = Field(None, ge=1, description="tokens that it allows in a minute")

    @field_validator("headers")
    @classmethod
    def _holds_no_secret(cls, value: dict[str, str] | None) -> dict[str, str] | None:
        rules.check_headers(value or {})
        return value


def _or_boolean(schema: dict[str, Any]) -> None:
    schema["anyOf"].insert(0, {"type": "boolean"})


class ModelSettings(Strict):
    """One role's model."""

    kinds_of_key = rules.KINDS_OF_MODEL_KEY

    kind: Literal["openai", "local", "scripted", "replay", "batch-file"] = Field(
        "openai",
        description="openai: any OpenAI-compatible endpoint; local: a GGUF file on this processor; "
        "scripted: replies from a file; replay: recorded replies of another run; batch-file: asked by files that are "
        "carried by hand (export-requests, import-replies)",
    )
    endpoint: str | None = Field(None, description="openai: base address, e.g. http://localhost:8000/v1")
    endpoints: list[EndpointSettings] = Field(
        default_factory=list,
        description="openai: several endpoints with the same model, instead of `endpoint`: they share the load",
    )
    name: str | None = Field(None, min_length=1, description="the model's name as the endpoint knows it")
    key_env: str | None = Field(None, description="openai: environment variable that holds the key")
    headers: dict[str, str] = Field(
        default_factory=dict, description="openai: further headers, without secrets"
    )
    headers_env: dict[str, str] = Field(
        default_factory=dict, description="openai: header → environment variable that holds its value"
    )
    proxy: str | None = Field(None, description="openai: address of a proxy, without a password")
    extra_body: dict[str, Any] = Field(default_factory=dict, description="keys added to every request's body")
    sampling: SamplingSettings = Field(
        default_factory=SamplingSettings, description="overrides the recipe's sampling"
    )
    price: Price | None = Field(
        None,
        description="what tokens cost, with `batch` the price of batches; left out: that of a file of prices, if it has one",
    )
    batch: BatchSettings | None = Field(
        None,
        description="openai: ask by batch files (POST /batches): true, or when a batch is closed",
        json_schema_extra=_or_boolean,
    )
    concurrency: int | None = Field(
        None,
        ge=1,
        le=4096,
        description="requests in flight at once at an endpoint; left out: found by measuring, for a local model its slots, "
        "for scripted and replayed ones 64",
    )
    requests_per_minute: int | None = Field(
        None, ge=1, description="openai: requests that an endpoint allows in a minute"
    )
    tokens_per_minute: int | None = Field(
        None,
        ge=1,
        description="openai: tokens that an endpoint allows in a minute; every call is counted at its worst case until "
        "its reply has come",
    )
    timeout_s: float = Field(
        600,
        gt=0,
        description="openai: seconds until a request is given up and tried again; sooner once the latencies of others "
        "are known",
    )
    hedge_share: float | None = Field(
        None,
        ge=0,
        le=1,
        description="share of the requests that may be sent a second time because they hang, paid twice at worst; "
        "left out: 0.02 for an endpoint, 0 for a model on this machine",
    )
    retries: int = Field(5, ge=0, description="further tries of a call that failed")
    send_seed: bool = Field(
        True, description="send a seed with every request; false for servers that refuse it"
    )
    capabilities: list[Capability] | None = Field(
        None, description="overrides what the endpoint is taken to offer"
    )
    file: str | None = Field(
        None, description="local: path of a GGUF file; scripted, replay: the file of replies"
    )
    hub: str | None = Field(None, description="local: Hub repository of the GGUF file")
    hub_file: str | None = Field(None, description="local: the file's name in that repository")
    sha256: str | None = Field(
        None, pattern="^[0-9a-fA-F]{64}$", description="local: expected hash of the file"
    )
    context: int = Field(2048, ge=256, description="local: tokens of context per slot")
    slots: int = Field(16, ge=1, description="local: replies written side by side")

    @field_validator("key_env")
    @classmethod
    def _names_a_variable(cls, value: str | None) -> str | None:
        rules.check_variables([] if value is None else [value])
        return value

    @field_validator("headers_env")
    @classmethod
    def _names_variables(cls, value: dict[str, str]) -> dict[str, str]:
        rules.check_variables(value.values())
        return value

    @field_validator("batch", mode="before")
    @classmethod
    def _is_on_or_off(cls, value: object) -> object:
        return {True: {}, False: None}[value] if isinstance(value, bool) else value

    @field_validator("endpoint", "proxy")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        return value if value is None else rules.check_address(value)

    @field_validator("extra_body")
    @classmethod
    def _sends_no_secret(cls, value: dict[str, Any]) -> dict[str, Any]:
        rules.check_body(value)
        return value

    @field_validator("headers")
    @classmethod
    def _holds_no_secret(cls, value: dict[str, str]) -> dict[str, str]:
        rules.check_headers(value)
        return value

    def _fits_its_endpoints(self) -> None:
        if self.endpoint is not None and self.endpoints:
            raise rules.broken(
                "`endpoint` and `endpoints` are both given",
                next="put all of them into `endpoints`, or leave it out",
            )
        if self.endpoints and self.batch:
            raise rules.broken(
                "a role that is asked by batch files has one `endpoint`",
                key="endpoints",
                next="name one endpoint, or leave `batch` out",
            )
        seen: set[tuple[str, str | None]] = set()
        for i, one in enumerate(self.endpoints):
            if (one.endpoint, one.name) in seen:
                raise rules.broken(
                    "this endpoint is named twice", key=f"endpoints.{i}", next="leave one of them out"
                )
            seen.add((one.endpoint, one.name))

    @property
    def is_priced(self) -> bool:
        """Every endpoint has a price."""
        return self.price is not None or (bool(self.endpoints) and all(one.price for one in self.endpoints))

    def each(self) -> list[Self]:
        """Return the settings of each endpoint: a list of these alone, unless several are named."""
        found = []
        for one in self.endpoints:
            said = {key: value for key in one.model_fields_set if (value := getattr(one, key)) is not None}
            said.pop("name", None)
            found.append(self.model_copy(update={**said, "endpoints": [one]}))
        return found or [self]

    @property
    def sent_as(self) -> str:
        """The model's name as it is sent: the endpoint's own, or the role's."""
        return (self.endpoints[0].name if self.endpoints else None) or self.name or ""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        rules.refuse_foreign_keys(self, self.kind, sorted(self.foreign_keys()), self.kinds_of_key)
        self._fits_its_endpoints()
        samples = {"endpoint": "http://localhost:8000/v1", "name": "the model's name there"}
        for key, sample in samples.items():
            if (
                self.kind == "openai"
                and getattr(self, key) is None
                and not (key == "endpoint" and self.endpoints)
            ):
                raise rules.broken(f"kind 'openai' needs `{key}`", next=f"add {key}: {sample}")
        if self.kind in ("scripted", "replay") and self.file is None:
            raise rules.broken(f"kind {self.kind!r} needs `file`", next="add file: PATH, the file of replies")
        if self.kind == "batch-file" and self.name is None:
            raise rules.broken(
                "kind 'batch-file' needs `name`",
                next="add name: the model's name where the requests are answered",
            )
        if (self.hub is None) != (self.hub_file is None):
            lacking = "hub" if self.hub is None else "hub_file"
            raise rules.broken(
                f"`hub` and `hub_file` belong together, and `{lacking}` is missing",
                next="name the repository and the GGUF file in it",
            )
        return self


class SourceSettings(Strict):
    """Where the first records come from."""

    kinds_of_key = rules.KINDS_OF_SOURCE_KEY

    kind: Literal[
        "personas", "count", "jsonl", "parquet", "csv", "hub", "finepersonas", "persona_hub", "documents"
    ] = Field(
        description="personas: drawn from attribute tables; count: rows that hold their number alone; "
        "jsonl, parquet, csv: files; hub: a Hub data set; "
        "documents: passages of PDF, DOCX, Markdown, HTML and text files; "
        "finepersonas, persona_hub: files in these schemas",
    )
    path: str | None = Field(None, min_length=1, description="a file, a folder or a glob")
    name: str | None = Field(None, min_length=1, description="hub: repository of the data set")
    config: str | None = Field(None, description="hub: configuration of the data set")
    split: str = Field("train", min_length=1, description="hub: split of the data set")
    revision: str | None = Field(None, description="hub: commit or tag")
    shape: (
        Literal["messages", "qa", "prompt_completion", "alpaca", "sharegpt", "preference", "roles", "text"]
        | None
    ) = Field(None, description="what a row looks like; found by itself if left out")
    map: dict[str, str] = Field(default_factory=dict, description="recipe's field → column of the file")
    licence: str | None = Field(None, description="licence of the rows, for lineage and card; never guessed")
    labels: list[str] = Field(
        default_factory=list, description="finepersonas: only rows with one of these labels"
    )
    chars_min: int = Field(300, ge=1, description="documents: a passage has so many characters or more")
    chars_max: int = Field(1_600, ge=1, description="documents: most characters of a passage")
    together: int = Field(1, ge=1, description="documents: passages of one document in a row")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        rules.refuse_foreign_keys(self, self.kind, sorted(self.foreign_keys()), self.kinds_of_key)
        if self.kind == "hub" and (self.name is None) == (self.path is None):
            raise rules.broken(
                "kind 'hub' needs either `name` or `path`",
                next="add name: OWNER/DATASET, or path: FOLDER for a copy on this machine",
            )
        if self.kind not in ("personas", "count", "hub") and self.path is None:
            raise rules.broken(
                f"kind {self.kind!r} needs `path`", next="add path: a file, a folder or a glob"
            )
        return self


class StrataSettings(Strict):
    """So many accepted rows of each value of a field, instead of `rows` in all."""

    by: str = Field(
        min_length=1,
        description="the field: one of the source, or one that the recipe writes; text, integer or boolean",
    )
    rows: dict[str, int] = Field(
        default_factory=dict, description="value of the field → accepted rows wanted of it"
    )
    each: int | None = Field(
        None, ge=1, description="accepted rows wanted of each of `values`, in place of `rows`"
    )
    values: list[str] = Field(default_factory=list, description="the values of the field that `each` counts")

    @field_validator("values", mode="before")
    @classmethod
    def _takes_numbers(cls, values: Any) -> Any:
        return rules.as_texts(values) if isinstance(values, list) else values

    @model_validator(mode="after")
    def _says_how_many(self) -> Self:
        rules.check_strata(self.rows, self.each, self.values)
        return self

    @property
    def quotas(self) -> dict[str, int]:
        """Value → accepted rows wanted."""
        return self.rows if self.each is None else dict.fromkeys(self.values, self.each)


class Limits(Strict):
    """Where a run stops cleanly. None is no limit."""

    requests: int | None = Field(None, ge=0, description="requests sent")
    tokens: int | None = Field(None, ge=0, description="prompt and completion tokens")
    cost_usd: float | None = Field(None, ge=0, description="USD, every call reserved at its worst case")
    minutes: float | None = Field(None, gt=0, description="wall time")
    failed_share: float | None = Field(
        0.2, ge=0, le=1, description="share of rows that may fail, once 20 have ended"
    )
    accepted_share: float | None = Field(
        0.02, ge=0, le=1, description="below this share of accepted rows the run stops, once 64 have ended"
    )


def _parquet() -> list[Literal["parquet", "jsonl"]]:
    return ["parquet"]


class RunFile(Strict):
    """One run."""

    recipe: str = Field(min_length=1, description="name of a recipe, or path of a recipe's folder")
    language: Literal["ja", "en"] = Field(description="language of the prompts and of the dataset")
    rows: int | None = Field(
        None, ge=1, description="accepted rows wanted; left out: all that the source gives"
    )
    limit: int | None = Field(None, ge=1, description="at most so many rows of the source")
    seed: int = Field(0, description="names every random draw")
    strata: StrataSettings | None = Field(
        None, description="accepted rows wanted of each value of a field; `rows` is then their sum"
    )
    splits: dict[str, float | str] | None = Field(
        None,
        description="name of a split → its share, 0 to 1; what is left is `train`. Rows of one root or prompt stay "
        "together, and with by: FIELD those that agree in it",
    )
    source: SourceSettings = Field(description="where the first records come from")
    models: dict[str, ModelSettings] = Field(default_factory=dict, description="role → model")
    options: dict[str, Any] = Field(default_factory=dict, description="the recipe's own options")
    prompts: str | None = Field(
        None, description="folder of prompts that replace the recipe's, by language and name"
    )
    trial: Literal["require", "report", "off"] = Field(
        "require",
        description="a recipe in which a model judges measures that judge first, on pairs with a known better side: require "
        "ends the run if it fails, report goes on, off leaves it out",
    )
    limits: Limits = Field(default_factory=Limits, description="where the run stops cleanly")
    prices: str | None = Field(
        None,
        description="file of prices, stronger than ~/.config/tanemaki/prices.yaml and the one that comes with Tanemaki",
    )
    workers: int = Field(
        0,
        ge=0,
        le=256,
        description="processes for the recipe's heavy steps; 0: they run in the run's own process",
    )
    output: str = Field(min_length=1, description="folder of the run")
    reuse: list[str] = Field(
        default_factory=list,
        description="folders of other runs: where the same was asked of the same record, their reply is taken and not paid",
    )
    licence: str | None = Field(None, description="licence of the dataset, for the card; never guessed")
    formats: list[Literal["parquet", "jsonl"]] = Field(
        default_factory=_parquet, min_length=1, description="files of the dataset"
    )

    @property
    def n_rows(self) -> int | None:
        """Accepted rows wanted, those of all strata together; None: all that the source gives."""
        return self.rows if self.strata is None else sum(self.strata.quotas.values())

    @field_validator("splits", mode="before")
    @classmethod
    def _parts_its_rows(cls, value: Any) -> Any:
        if isinstance(value, dict):
            rules.check_splits(value)
        return value

    @model_validator(mode="after")
    def _counts_its_rows_once(self) -> Self:
        if self.rows is not None and self.rows != self.n_rows:
            raise rules.broken(
                f"`rows` says {self.rows}, and the quotas of `strata` are {self.n_rows} together",
                key="rows",
                next="leave `rows` out: strata say how many rows are wanted",
            )
        return self

    @model_validator(mode="after")
    def _names_its_roles(self) -> Self:
        for role in self.models:
            if not role.isidentifier():
                raise rules.broken(
                    f"the role {role!r} is no plain name",
                    key=f"models.{role}",
                    next="roles are letters, digits and _: the names by which the recipe asks",
                )
        return self

    @model_validator(mode="after")
    def _can_count_its_money(self) -> Self:
        """Only endpoints cost money: local, scripted and replayed models are free and need no price."""
        for role, model in self.models.items():
            if self.limits.cost_usd is not None and model.kind == "openai" and not model.is_priced:
                raise rules.broken(
                    f"limits.cost_usd is set, but the model of role {role!r} has no price",
                    key=f"models.{role}",
                    next=f"add models.{role}.price with input and output in USD per million tokens, 0 and 0 for a server "
                    f"of your own; or an entry for {model.sent_as!r} to ~/.config/tanemaki/prices.yaml",
                )
        return self
