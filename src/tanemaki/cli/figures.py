"""The figures of a run as people read them: the display while it goes on, ``status`` from another terminal, the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tanemaki.cli.columns import width
from tanemaki.engine.stats import Stats
from tanemaki.run.pulse import Endpoint, Pulse

MOST_RANKED = 6
"""Reasons and classes of failure that are named; the rest is a number."""
MOST_ENDPOINTS = 8
BETWEEN = " · "

Figure = tuple[str, list[str]]
"""Label and the pieces of what is said, none of which is broken over two lines."""


def show_seconds(seconds: float) -> str:
    """Return a time, roughly.

    >>> show_seconds(0.25), show_seconds(42), show_seconds(150), show_seconds(7500), show_seconds(200_000)
    ('0.2 s', '42 s', '2 min 30 s', '2 h 5 min', '2 d 7 h')
    """
    if seconds < 3:  # noqa: PLR2004 - a tenth is a lot of that
        return f"{seconds:.1f} s" if seconds >= 0.1 else "under 0.1 s"  # noqa: PLR2004
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min {rest} s"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if days else f"{hours} h {minutes} min"


def show_count(count: float) -> str:
    """Return a number of up to five digits, or one with k, M, G behind.

    >>> show_count(12_345), show_count(123_456), show_count(4_567_890), show_count(2_000_000_000)
    ('12,345', '123k', '4.57M', '2G')
    """
    if count < 100_000:  # noqa: PLR2004 - six digits are no longer read at a glance
        return f"{count:,.0f}"
    power = max(k for k in range(1, 4) if count >= 1000**k)
    return f"{count / 1000**power:.3g}{' kMG'[power]}"


def show_rate(per_second: float, of: str) -> str:
    """Return a rate per second, or per minute where less than one a second comes.

    >>> show_rate(481.3, "rows"), show_rate(4.81, "rows"), show_rate(0.05, "rows"), show_rate(0, "rows")
    ('481 rows/s', '4.8 rows/s', '3.0 rows/min', '0 rows/s')
    """
    value, unit = (per_second, "s") if per_second >= 1 or not per_second else (per_second * 60, "min")
    shown = show_count(value) if value >= 10 or not value else f"{value:.1f}"  # noqa: PLR2004 - two digits that count
    return f"{shown} {of}/{unit}"


def show_usd(usd: float) -> str:
    """Return an amount of money, with as many digits as tell something.

    >>> show_usd(0.012345), show_usd(0.31), show_usd(12.3)
    ('$0.0123', '$0.31', '$12.30')
    """
    return f"${usd:,.2f}" if usd >= 0.1 else f"${usd:.4f}"  # noqa: PLR2004 - from ten cents on, cents


SHOWN_FIGURES: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "rows": ("rows of the source", show_count),
    "accepted": ("accepted rows", show_count),
    "requests": ("requests", show_count),
    "prompt_tokens": ("tokens in", show_count),
    "completion_tokens": ("tokens out", show_count),
    "usd": ("money", show_usd),
    "time_s": ("time", show_seconds),
}
"""Figures of a forecast as people read them."""


def figures(pulse: Pulse) -> list[Figure]:
    """Return what is told of a run while it goes on; a line about which nothing is known is left out."""
    told = [
        ("rows", _rows(pulse)),
        ("pace", _pace(pulse)),
        ("tokens", _tokens(pulse)),
        ("money", _money(pulse)),
        ("requests", requests(pulse)),
        *_endpoints(pulse.endpoints),
        ("batches", [f"{role} {show_count(n)} requests out" for role, n in pulse.batches.items()]),
        ("not kept", ranked([(reason, n) for _, reason, n in pulse.reasons])),
        ("tries lost", ranked(pulse.faults)),
    ]
    return [(label, pieces) for label, pieces in told if pieces]


def _rows(pulse: Pulse) -> list[str]:
    n, wanted = pulse.accepted - pulse.n_beyond, pulse.wanted
    told = [f"{n:,} accepted" if wanted is None else f"{min(n, wanted):,} of {wanted:,} accepted"]
    surplus = pulse.accepted - min(n, n if wanted is None else wanted)
    if surplus:
        told.append(f"{surplus:,} surplus")
    if pulse.acceptance is not None:
        told.append(f"{pulse.acceptance:.0%} of those that ended")
    if pulse.live:
        told.append(f"{pulse.live:,} on their way")
    return told


def _pace(pulse: Pulse) -> list[str]:
    told = []
    if pulse.rows_per_s is not None:
        told.append(show_rate(pulse.rows_per_s, "rows"))
        if pulse.requests_per_s:
            told.append(show_rate(pulse.requests_per_s, "requests"))
    if pulse.eta_s:
        told.append(f"about {show_seconds(pulse.eta_s)} to go")
    return told


def _tokens(pulse: Pulse) -> list[str]:
    if not pulse.prompt_tokens and not pulse.completion_tokens:
        return []
    told = []
    for name, n, rate in (
        ("in", pulse.prompt_tokens, pulse.prompt_tokens_per_s),
        ("out", pulse.completion_tokens, pulse.completion_tokens_per_s),
    ):
        told.append(f"{name} {show_count(n)}" + (f" ({show_count(rate)}/s)" if rate else ""))
    most = pulse.limits.get("tokens")
    return [*told, f"limit {show_count(most)}"] if most is not None else told


def _money(pulse: Pulse) -> list[str]:
    most = pulse.limits.get("cost_usd")
    if most is None and not pulse.cost_usd:
        return []
    told = [show_usd(pulse.cost_usd) + (f" of {show_usd(most)}" if most is not None else "")]
    return [*told, f"up to {show_usd(pulse.reserved_usd)} in flight"] if pulse.reserved_usd else told


def requests(counts: Pulse | Stats) -> list[str]:
    """Return how many requests there were, by kind."""
    told = (
        ("sent", counts.n_sent),
        ("from the journal", counts.n_reused),
        ("tried again", counts.n_retries),
        ("sent twice", counts.n_hedges),
    )
    return [f"{show_count(n)} {what}" for what, n in told if n]


def _endpoints(endpoints: Sequence[Endpoint]) -> list[Figure]:
    roles: dict[str, list[Endpoint]] = {}
    for one in endpoints[:MOST_ENDPOINTS]:
        roles.setdefault(one.role, []).append(one)
    told: list[Figure] = []
    for role, ones in roles.items():
        names = len(ones) > 1 or any(one.resting for one in ones)
        told.append((role, [_endpoint(one, named=names) for one in ones]))
    n_more = len(endpoints) - MOST_ENDPOINTS
    if n_more > 0:
        told.append(("", [f"and {n_more} more endpoints"]))
    return told


def _endpoint(one: Endpoint, *, named: bool) -> str:
    name = f"{one.name} " if named else ""
    if one.resting:
        return f"{name}resting"
    return f"{name}{one.in_flight:,} of {one.limit:,} in flight"


def ranked(counts: Sequence[tuple[str, int]]) -> list[str]:
    """Return the commonest few as pieces, equal names as one.

    >>> ranked([("cut", 3), ("short", 2), ("cut", 1)])
    ['cut 4', 'short 2']
    """
    summed: dict[str, int] = {}
    for name, n in counts:
        summed[name] = summed.get(name, 0) + n
    first = sorted(summed.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [f"{name} {n:,}" for name, n in first[:MOST_RANKED]]
    n_more = len(first) - MOST_RANKED
    return [*told, f"and {n_more} more reasons"] if n_more > 0 else told


def flow(pieces: Sequence[str], columns: int) -> list[str]:
    """Return the pieces on lines of at most so many columns; a piece is never broken.

    >>> flow(["one", "two", "three"], 10)
    ['one · two', 'three']
    """
    lines: list[str] = []
    for piece in pieces:
        if lines and width(lines[-1]) + width(BETWEEN) + width(piece) <= columns:
            lines[-1] += BETWEEN + piece
        else:
            lines.append(piece)
    return lines


def one_line(pulse: Pulse) -> str:
    """Return the state of a run in one line, for logs."""
    pieces = [pulse.phase, *_rows(pulse), *_pace(pulse), *_tokens(pulse), *_money(pulse)]
    flying = sum(one.in_flight for one in pulse.endpoints)
    if flying:
        pieces.append(f"{flying:,} in flight")
    pieces += [f"{one.name} resting" for one in pulse.endpoints if one.resting]
    reasons = ranked([(reason, n) for _, reason, n in pulse.reasons])
    for label, told in (("not kept", reasons), ("tries lost", ranked(pulse.faults))):
        if told:
            pieces.append(f"{label}: {', '.join(told[:3])}")
    return BETWEEN.join(pieces)
