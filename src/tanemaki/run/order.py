"""The order: everything that a run needs, resolved; made from a run file or from Python objects."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from tanemaki.config.paths import is_path, located
from tanemaki.config.schema import Limits, ModelSettings, RunFile, StrataSettings
from tanemaki.core.errors import RecipeError, SetupError, nearest
from tanemaki.core.model import Model
from tanemaki.core.plan import Plan, plan_of
from tanemaki.core.prompt import Texts
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import FieldType
from tanemaki.core.source import Source
from tanemaki.core.step import check_capabilities
from tanemaki.datasets.splits import Splits
from tanemaki.engine.bound import Bound
from tanemaki.engine.limits import Spend
from tanemaki.engine.parcel import Workplace, pack_step
from tanemaki.engine.quotas import Quotas, Wanted
from tanemaki.models import open_model
from tanemaki.recipes import catalogue
from tanemaki.run.binding import bind, further_models
from tanemaki.run.fingerprint import hash_of_step
from tanemaki.run.moved import make_way
from tanemaki.run.strata import check_by, quotas_of
from tanemaki.sources import open_source

RESERVED = ("id", "sources", "lineage")
"""Columns that every dataset has besides the fields of its rows."""


@dataclass(frozen=True)
class Order:
    """One run, ready to be started: recipe, texts and source fit together, the models are not open yet."""

    recipe: Recipe
    texts: Texts
    source: Source
    models: Mapping[str, Model]
    """Role → model; of several endpoints the first one's."""
    settings: Mapping[str, ModelSettings]
    language: str
    seed: int
    output: Path
    rows: int | None = None
    """Accepted rows wanted, those of all strata together."""
    strata: StrataSettings | None = None
    splits: Splits | None = None
    """The splits of the dataset; None: all of it is ``train``."""
    limit: int | None = None
    limits: Limits = field(default_factory=Limits)
    licence: str | None = None
    formats: tuple[str, ...] = ("parquet",)
    workers: int = 0
    """Processes for the heavy steps."""
    reuse: tuple[Path, ...] = ()
    """Folders of other runs whose replies may be taken."""
    trial: Literal["require", "report", "off"] = "require"
    """What becomes of the run if its judge fails the recipe's trial."""
    spent_before: Spend = field(default_factory=Spend)
    """What that trial was charged: it counts towards the limits of the run."""
    run: RunFile | None = None
    """The run file as it was resolved; None for a run that was made of Python objects."""
    base: Path = field(default_factory=Path)
    """The folder to which the run file's relative paths belong."""
    others: Mapping[str, Sequence[Model]] = field(default_factory=dict)
    """Role → the same model at its further endpoints."""

    @property
    def plan(self) -> Plan:
        """The order of the steps."""
        return plan_of(self.recipe.specs)

    @property
    def columns(self) -> dict[str, FieldType]:
        """The fields of a row of the dataset with their types: the source's columns, then what the recipe writes."""
        return {**self.source.columns, **self.recipe.writes}

    @cached_property
    def quotas(self) -> Quotas | None:
        """The rows wanted of each stratum; None without strata. Raises ``SetupError`` for strata that no row can have."""
        return None if self.strata is None else quotas_of(self.strata, self.source.columns, self.columns)

    @property
    def wanted(self) -> Wanted:
        """The rows wanted, per stratum or in all."""
        return self.rows if self.quotas is None else self.quotas

    def check(self) -> None:
        """Raise ``SetupError`` or ``RecipeError`` unless everything fits together. Calls no model."""
        self.recipe.check({self.texts.language: self.texts})
        self._check_source()
        self._check_roles()
        self._check_strata()
        if self.splits is not None and self.splits.by is not None:
            check_by(self.splits.by, self.columns, "splits")
        in_batches = [
            role for role, one in self.settings.items() if one.batch is not None or one.kind == "batch-file"
        ]
        if self.is_endless and (self.limits.minutes is None or in_batches):
            raise SetupError(
                f"the source {self.source.kind!r} never ends, and the run does not say how many rows it wants",
                got=f"limits.minutes, which ends no batch files: models.{in_batches[0]}"
                if in_batches
                else None,
                next="set rows (accepted rows wanted) or limit (rows of the source to try)"
                + ("" if in_batches else "; or limits.minutes, to go on until the time is up"),
            )
        self._check_prices()
        self.workplace()
        across = [spec.name for spec in self.recipe.specs if spec.kind == "set"]
        if across and self.source.unlimited and self.limit is None:
            raise SetupError(
                f"step {across[0]!r} needs all records, but the source {self.source.kind!r} never ends",
                next="set limit: the number of records that it is to choose from",
            )

    @property
    def is_endless(self) -> bool:
        """Neither the source nor a number of rows ends it: it goes on until its time is up."""
        return self.source.unlimited and self.rows is None and self.limit is None

    def _check_prices(self) -> None:
        for role in self.models:
            settings = self.settings.get(role)
            is_free = settings is not None and settings.kind != "openai"
            if (
                self.limits.cost_usd is not None
                and not is_free
                and (settings is None or not settings.is_priced)
            ):
                raise SetupError(
                    f"limits.cost_usd is set, but the model of role {role!r} has no price",
                    next=f"bind {role!r} by settings with price: {{input: …, output: …}} in USD per million tokens",
                )

    def _check_strata(self) -> None:
        quotas = self.quotas
        if quotas is not None and quotas.total != self.rows:
            raise SetupError(
                f"the order wants {self.rows} rows, and its strata {quotas.total}", next="leave rows out"
            )

    def _check_source(self) -> None:
        columns = self.source.columns
        for name in self.recipe.needs:
            if name not in columns:
                near = nearest(name, columns)
                raise SetupError(
                    f"recipe {self.recipe.name!r} needs the field {name!r}, which the source does not give",
                    got=f"columns: {', '.join(columns)}"
                    if columns
                    else "no row that can be read, so no columns",
                    next=f"set source.map.{name}: {near or 'COLUMN'}" if columns else "give it rows",
                )
        for name in self.recipe.writes:
            if name in columns:
                raise SetupError(
                    f"the source has a column {name!r}, which the recipe {self.recipe.name!r} writes itself",
                    next="rename the column, or read it under another name",
                )
        for name in RESERVED:
            if name in self.columns:
                raise SetupError(
                    f"the field {name!r} has the name of a column that every dataset has",
                    got=f"reserved: {', '.join(RESERVED)}",
                    next="rename it",
                )

    def _check_roles(self) -> None:
        for role in self.recipe.roles:
            if role not in self.models:
                near = nearest(role, self.models)
                raise SetupError(
                    f"recipe {self.recipe.name!r} asks the role {role!r}, to which the run binds no model",
                    got=f"models: {', '.join(self.models) or 'none'}",
                    next=f"rename models.{near} to {role}" if near else f"add models.{role}",
                )
        for role in self.models:
            if role not in self.recipe.roles:
                near = nearest(role, self.recipe.roles)
                raise SetupError(
                    f"the run binds a model to the role {role!r}, which recipe {self.recipe.name!r} never asks",
                    got=f"its roles: {', '.join(self.recipe.roles) or 'none'}",
                    next=f"did you mean {near!r}?" if near else f"remove models.{role}",
                )

    def check_capabilities(self) -> None:
        """Raise ``SetupError`` if a step needs what its model lacks. The models may have to be open for the answer."""
        for spec in self.recipe.specs:
            for role in spec.roles:
                model = self.models[role]
                offered = model.capabilities.intersection(
                    *(one.capabilities for one in self.others.get(role, ()))
                )
                check_capabilities(spec, role, offered, model.name)

    def bounds(self) -> list[Bound]:
        """Return the roles as the engine takes them."""
        return [
            bind(role, [model, *self.others.get(role, ())], self.settings.get(role))
            for role, model in self.models.items()
        ]

    def workplace(self) -> Workplace | None:
        """Return what worker processes need; None where there are none, or nothing for them to do.

        Raises ``SetupError`` for a heavy step that no other process can have.
        """
        if not self.workers:
            return None
        if sys.platform == "win32":
            raise SetupError(
                "worker processes need a system with Unix sockets: Linux or macOS", next="set workers: 0"
            )
        steps = {i: pack_step(spec) for i, spec in enumerate(self.recipe.specs) if spec.heavy}
        return Workplace(self.recipe.name, self.seed, self.texts, steps) if steps else None

    def plan_parts(self) -> dict[str, dict[str, Any]]:
        """Return the hashes of everything that decides what is asked and what is kept, by kind and name."""
        chooses = any(spec.kind == "set" for spec in self.recipe.specs)
        return {
            "among": self._among() if chooses else {},
            "steps": {spec.name: hash_of_step(spec.step) for spec in self.recipe.specs},
            "prompts": {
                f"{spec.name}/{name}": self.texts.prompts[name].hash
                for spec in self.recipe.specs
                for name in spec.prompts
            },
            "tables": {
                f"{spec.name}/{name}": self.texts.table_hash(name)
                for spec in self.recipe.specs
                for name in spec.tables
            },
            "models": {
                role: [bound.model.name, bound.sampling.to_wire(), dict(_extra(self.settings.get(role)))]
                for role, bound in ((bound.role, bound) for bound in self.bounds())
            },
        }

    def _among(self) -> dict[str, Any]:
        """Return among which records a set step chooses: values without a quota take no part where the source gives them."""
        quotas = self.quotas
        if quotas is None or not quotas.from_source:
            return {"limit": self.limit}
        return {"limit": self.limit, "strata": [quotas.by, sorted(quotas.rows)]}

    def identity(self) -> dict[str, str]:
        """Return what must not change between two starts in one folder."""
        return {
            "recipe": self.recipe.name,
            "language": self.language,
            "seed": str(self.seed),
            "source": self.source.fingerprint,
        }


def _extra(settings: ModelSettings | None) -> Mapping[str, Any]:
    return settings.extra_body if settings else {}


def order_from(run: RunFile, base: Path, models: Mapping[str, Model] | None = None) -> Order:
    """Return the checked order of a run file; relative paths of its inputs belong to ``base``.

    ``models`` take the place of all that the run file binds: for those who only look at a run. Raises ``SetupError`` or
    ``RecipeError``; calls no model and writes nothing.
    """
    overrides = base / run.prompts if run.prompts else None
    name = str(base / run.recipe) if is_path(run.recipe) else run.recipe
    loaded = catalogue.load(name, run.language, located(run.options, base), overrides)
    order = Order(
        recipe=loaded.recipe,
        texts=loaded.texts,
        source=make_way(open_source(run.source, run.language, run.seed, base), loaded.recipe.writes),
        models=models
        if models is not None
        else {role: open_model(role, settings, base) for role, settings in run.models.items()},
        others=further_models(run.models, base) if models is None else {},
        settings=run.models,
        language=run.language,
        seed=run.seed,
        output=Path(run.output),
        rows=run.n_rows,
        strata=run.strata,
        splits=None if run.splits is None else Splits.of(run.splits, run.seed),
        limit=run.limit,
        limits=run.limits,
        licence=run.licence,
        formats=tuple(run.formats),
        reuse=tuple(map(Path, run.reuse)),
        workers=run.workers,
        trial=run.trial,
        run=run,
        base=base,
    )
    order.check()
    return order


def order_of(  # noqa: PLR0913 - keywords, each a key of the run file
    recipe: Recipe,
    source: Source,
    models: Mapping[str, Model],
    output: Path,
    *,
    texts: Texts | None = None,
    language: str = "ja",
    seed: int = 0,
    rows: int | None = None,
    strata: StrataSettings | None = None,
    splits: Splits | None = None,
    limit: int | None = None,
    limits: Limits | None = None,
    settings: Mapping[str, ModelSettings] | None = None,
    formats: Sequence[str] = ("parquet",),
    workers: int = 0,
    reuse: Sequence[Path] = (),
    trial: Literal["require", "report", "off"] = "require",
) -> Order:
    """Return the checked order of a recipe, a source and models that are Python objects."""
    if not isinstance(recipe, Recipe):
        raise RecipeError(
            "this is no recipe", got=repr(recipe)[:200], next="give Recipe(steps=(…), needs=(…))"
        )
    order = Order(
        recipe=recipe,
        texts=texts or Texts(language, {}, {}),
        source=source,
        models=models,
        settings=settings or {},
        language=language,
        seed=seed,
        output=output,
        rows=rows if strata is None or rows is not None else sum(strata.quotas.values()),
        strata=strata,
        splits=splits,
        limit=limit,
        limits=limits or Limits(),
        formats=tuple(formats),
        reuse=tuple(reuse),
        workers=workers,
        trial=trial,
    )
    order.check()
    return order
