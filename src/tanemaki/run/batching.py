"""Roles that are asked by batch files: what the run file says of them becomes what the engine works with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tanemaki.config.schema import BatchSettings, ModelSettings
from tanemaki.core.batch import Batching, BatchTerms
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Model
from tanemaki.engine.batch_items import Ledger
from tanemaki.engine.batch_pens import check_replaceable
from tanemaki.engine.batch_rows import batches_out, told_of_left
from tanemaki.engine.batches import Collector, Earlier
from tanemaki.engine.bound import Bound
from tanemaki.engine.calls import Caller
from tanemaki.engine.lookahead import Lookahead
from tanemaki.engine.stopping import Stop
from tanemaki.models.batch import BatchFiles
from tanemaki.models.batch_file import BatchFile
from tanemaki.models.openai_compatible import OpenAICompatible


def batching_of(model: Model, settings: ModelSettings) -> Batching | None:
    """Return how a role is asked by batch files; None where its calls are sent one by one."""
    said = settings.batch
    terms = _terms(said) if said is not None else BatchTerms()
    if isinstance(model, BatchFile):
        return Batching(terms, model, file=model)
    if said is None or not isinstance(model, OpenAICompatible):
        return None  # a run that is only looked at has other models, which lend their names
    service = BatchFiles(model)
    return Batching(terms, service, service=service)


def _terms(said: BatchSettings) -> BatchTerms:
    return BatchTerms(
        size=said.size, n_bytes=said.bytes, age_s=said.age_s, margin=said.margin, poll_s=said.poll_s
    )


def longest_batch(bounds: Sequence[Bound]) -> int:
    """Return the most requests that one batch of any role may hold; so many roots must be on their way at once."""
    return max((bound.batch.terms.size for bound in bounds if bound.batch is not None), default=0)


def collect_for(
    caller: Caller, bounds: Sequence[Bound], ledger: Ledger, stop: Stop, earlier: Earlier
) -> Collector | None:
    """Give the caller a collector, if any role needs one.

    It has found the batches of earlier starts then; of those that nobody will take up the user is told in any case.
    """
    terms = [bound.batch.terms for bound in bounds if bound.batch is not None]
    if not terms:
        for batch in batches_out(ledger.reader):
            earlier.tell(told_of_left(ledger.reader, batch))
        return None
    collector = Collector(bounds, ledger, stop, caller.underway)
    collector.take_up(earlier)
    caller.batches = collector
    caller.lookahead = Lookahead(max(one.margin for one in terms))
    return collector


def send_requests_to(path: Path, models: Mapping[str, Model], file: Path | None) -> None:
    """Say where the requests of every role go that is asked by hand; ``file`` is the run file, for the message.

    Models of one name share a file; of several names, each role has its own. Raises ``SetupError`` where no role is asked by
    hand, or a file that is no file of requests would be overwritten.
    """
    by_hand = {role: model for role, model in models.items() if isinstance(model, BatchFile)}
    if not by_hand:
        raise SetupError(
            "no model of this run is asked by hand",
            where=str(file) if file else "the flags",
            got=f"roles: {', '.join(models) or 'none'}",
            next="set kind: batch-file and a name for the model that has no line to this machine",
        )
    is_one = len({model.name for model in by_hand.values()}) == 1
    for role, model in by_hand.items():
        own = path if is_one else path.with_name(f"{path.stem}.{role}{path.suffix}")
        check_replaceable(own)
        model.write_to(own)
