"""A run as Python sees it: made of a run file, of Python objects, or of both."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tanemaki.config.load import Loaded, load
from tanemaki.config.paths import located
from tanemaki.config.schema import RunFile
from tanemaki.core.errors import LimitReached, SetupError, shorten
from tanemaki.core.model import Model
from tanemaki.core.prompt import Texts
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Json
from tanemaki.core.source import Source
from tanemaki.datasets.splits import Splits
from tanemaki.engine.reading import EndedRow
from tanemaki.models import open_model
from tanemaki.recipes import catalogue
from tanemaki.run.binding import further_models
from tanemaki.run.events import Level
from tanemaki.run.execute import execute
from tanemaki.run.forecast import ROWS
from tanemaki.run.language import told_in_full, warning
from tanemaki.run.moved import make_way
from tanemaki.run.order import Order
from tanemaki.run.pulse import Progress
from tanemaki.run.report import Report
from tanemaki.run.trial import hold
from tanemaki.run.watching import Watch, watched
from tanemaki.sources import open_source
from tanemaki.sources.given import Given

if TYPE_CHECKING:
    from tanemaki.run.estimate import Estimate
    from tanemaki.run.look import Status
    from tanemaki.run.preview import Preview

_PLACE = {"recipe": "given", "source": {"kind": "personas"}}
"""What stands in the run's settings for a recipe and a source that are Python objects."""


def start(
    order: Order,
    *,
    progress: Progress | None = None,
    retry: bool = False,
    on_stopping: Callable[[], None] | None = None,
    watch: Watch | None = None,
) -> Report:
    """Run an order to its end; see :func:`tanemaki.run.execute.execute`. A run in the wrong language is told as such.

    Where the recipe lets a model judge, the judge is measured first (:mod:`tanemaki.run.trial`).
    """
    progress = progress or Progress()
    doubt = warning(order)
    if doubt:
        progress.notes.append(doubt)
    with watched(watch or Watch(), progress) as ended:
        try:
            order, unfinished = hold(order, progress, on_stopping)
            report = unfinished or execute(order, progress=progress, retry=retry, on_stopping=on_stopping)
        except LimitReached as error:
            raise told_in_full(error, order, progress.stats.reasons) from error
        ended(report.to_json())
        return report


class Run:
    """One run: a recipe, a source and models, in a folder.

    ``file`` is a run file; every key of it is also an argument, and an argument is stronger. ``recipe`` may be a
    :class:`~tanemaki.core.recipe.Recipe`, ``source`` a list of rows or a source object, and a model in ``models`` a model
    object, where a run file would name them. Nothing is asked and nothing is written before :meth:`start`.

    Raises ``SetupError`` or ``RecipeError`` for what does not fit together.

    >>> from tanemaki import Recipe, Scripted
    >>> async def answer(question, *, writer):
    ...     return (await writer(question)).text
    >>> run = Run(
    ...     recipe=Recipe(steps=(answer,), needs=("question",)),
    ...     source=[{"question": "日本一高い山は？"}],
    ...     models={"writer": Scripted(["富士山です。"])},
    ...     language="ja",
    ...     output="runs/mountain",
    ... )
    >>> run.order.recipe.roles.keys()
    dict_keys(['writer'])
    """

    def __init__(
        self,
        file: str | os.PathLike[str] | None = None,
        *,
        recipe: str | os.PathLike[str] | Recipe | None = None,
        source: Mapping[str, Json] | Sequence[Mapping[str, Json]] | Source | None = None,
        models: Mapping[str, Model | Mapping[str, Json]] | None = None,
        **values: Json,
    ) -> None:
        objects = {role: model for role, model in (models or {}).items() if not isinstance(model, Mapping)}
        for role, model in objects.items():
            _check_model(role, model)
        if isinstance(source, str | os.PathLike):
            raise SetupError(
                "source is a path: say what kind of file it is",
                got=shorten(os.fspath(source)),
                next='source={"kind": "jsonl", "path": "…"}; or csv, parquet',
            )
        said = dict(values)
        if recipe is not None:
            said["recipe"] = _PLACE["recipe"] if isinstance(recipe, Recipe) else os.fspath(recipe)
        if source is not None:
            said["source"] = source if isinstance(source, Mapping) else _PLACE["source"]
        if models:
            said["models"] = {role: model for role, model in models.items() if isinstance(model, Mapping)}
        self._loaded = _load_one(Path(file) if file is not None else None, said)
        self._recipe = recipe if isinstance(recipe, Recipe) else None
        self._source = None if source is None or isinstance(source, Mapping) else source
        self._objects = objects
        self.order = self._make_order()
        """The run, checked, as the engine takes it."""

    @property
    def folder(self) -> Path:
        """Where its results lie."""
        return self.order.output

    def preview(self) -> Preview:
        """Return the first prompts as a run would send them; ``print`` it. Calls no model."""
        from tanemaki.run.preview import preview

        folder = None if self._recipe else catalogue.find(self._loaded.run.recipe, self._loaded.base).path
        return preview(self.order, folder)

    def start(
        self,
        *,
        retry: bool = False,
        progress: Progress | None = None,
        events: str | os.PathLike[str] | None = None,
        level: Level = "calls",
        otel: bool = False,
    ) -> Report:
        """Run to the end, or go on where an earlier start stopped; nothing is paid twice. Works in a notebook.

        ``retry`` does the failed rows again, and nothing else. ``events`` is a file to which what happens is appended as
        JSON lines (:mod:`tanemaki.run.events`; ``level="rows"`` leaves out single calls), ``otel`` sends OpenTelemetry
        spans and metrics. Raises ``ModelError`` for a dead endpoint, ``LimitReached`` for a limit; what was paid for is
        kept, and a further start goes on.
        """
        watch = Watch(Path(events) if events is not None else None, level, otel)
        self.order = self._make_order()  # models and sources of an earlier start are used up
        return start(self.order, progress=progress, retry=retry, watch=watch)

    def estimate(self, sample: int = ROWS, *, progress: Progress | None = None) -> Estimate:
        """Run the first rows of the source and forecast the whole run: calls, tokens, money and time, with 90 % intervals.

        The sample is paid, and is the run's: :meth:`start` goes on with its replies. Raises ``SetupError`` for a sample of
        fewer than two rows, and what a run raises before two rows have ended.
        """
        from tanemaki.run.estimate import estimate

        self.order = self._make_order()
        return estimate(self.order, sample, progress=progress)

    def rows(self) -> Iterator[dict[str, Json]]:
        """Yield the accepted rows: ``id`` and the fields of the dataset."""
        from tanemaki.run import look

        for row in look.rows(self.folder, "accepted"):
            yield {"id": row.id, **{name: row.fields.get(name) for name in self.order.columns}}

    def rejected(self) -> Iterator[EndedRow]:
        """Yield the rejected rows, each with step, reason, measured value and limit."""
        from tanemaki.run import look

        return look.rows(self.folder, "rejected")

    def failed(self) -> Iterator[EndedRow]:
        """Yield the failed rows, each with step, class (``reason``) and message (``note``)."""
        from tanemaki.run import look

        return look.rows(self.folder, "failed")

    def status(self) -> Status:
        """Return how far the run is. Raises ``SetupError`` before its first start."""
        from tanemaki.run import look

        return look.status(self.folder)

    def _make_order(self) -> Order:
        run, base = self._loaded.run, self._loaded.base
        recipe, texts = self._recipe_and_texts(run, base)
        order = Order(
            recipe=recipe,
            texts=texts,
            source=make_way(self._open_source(run, base), recipe.writes),
            models={
                **{role: open_model(role, one, base) for role, one in run.models.items()},
                **self._objects,
            },
            others=further_models(
                {role: one for role, one in run.models.items() if role not in self._objects}, base
            ),
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
            run=None if self._recipe or self._source is not None or self._objects else run,
            base=base,
        )
        order.check()
        return order

    def _recipe_and_texts(self, run: RunFile, base: Path) -> tuple[Recipe, Texts]:
        if self._recipe is not None:
            return replace(
                self._recipe, name=self._recipe.name or "-".join(spec.name for spec in self._recipe.specs)
            ), Texts(run.language, {}, {})
        overrides = base / run.prompts if run.prompts else None
        loaded = catalogue.load(run.recipe, run.language, located(run.options, base), overrides, base)
        return loaded.recipe, loaded.texts

    def _open_source(self, run: RunFile, base: Path) -> Source:
        if self._source is None:
            return open_source(run.source, run.language, run.seed, base)
        return Given(self._source) if isinstance(self._source, Sequence) else self._source


def _load_one(path: Path | None, values: Mapping[str, Json]) -> Loaded:
    runs = load(path, (), values)
    if len(runs) > 1:
        raise SetupError(
            f"the file's grid makes {len(runs)} runs, and this is one",
            where=str(path),
            next="`tanemaki run FILE` runs them all; for one of them, give grid=None and its values as arguments",
        )
    return runs[0]


def _check_model(role: str, model: object) -> None:
    lacking = [
        name for name in ("name", "capabilities", "open", "reply", "close") if not hasattr(model, name)
    ]
    if lacking:
        raise SetupError(
            f"this is no model for the role {role!r}",
            got=f"{shorten(model)}, which has no {', '.join(lacking)}",
            next="give a model object (tanemaki.Scripted(…)) or a mapping as in a run file: {'endpoint': …, 'name': …}",
        )
