"""``kill -9`` and start again: what is paid twice."""

from __future__ import annotations

import json
import time

from benchmarks.bench import Bench, Table
from benchmarks.contestants import OURS, Work, is_installed, rows_of
from benchmarks.server.draws import units
from benchmarks.server.handle import Endpoint

N_KILLS = 8
IN_FLIGHT = 128
SWITCHES = {"datatrove": {"chunk": 1_000}, "datadesigner": {"buffer": 200, "resume": 1}}


def kills(bench: Bench) -> Table:
    """Measure 8."""
    n = bench.size(4_000, least=800)
    table = Table(
        title="`kill -9`, and started again",
        what=f"{n:,} rows of one call, log-normal latency (median 200 ms, sigma 0.3), {IN_FLIGHT} in flight; "
        "the whole process tree is "
        f"killed at a drawn instant, then started again on its own folder. Ours is killed {N_KILLS} times at "
        "spread places, the "
        "peers once in the middle. Paid twice: whole replies that the endpoint gave for a row which already had one.",
        bar=f"at most the {IN_FLIGHT} requests in flight are sent again after a kill",
        columns=(
            "client",
            "kills",
            "rows out",
            "requests",
            "beyond the rows, a kill",
            "paid twice",
            "paid twice, a kill",
            "ended",
        ),
    )
    with bench.endpoints() as endpoints:
        for name in bench.contestants(bare=False):
            if is_installed(name):
                table.rows.append(_one(bench, name, endpoints[0], n))
    if bench.peers:
        table.notes.append("datatrove: checkpoints of 1,000 rows; DataDesigner: row groups of 200 rows.")
    return table


def _one(bench: Bench, name: str, endpoint: Endpoint, n: int) -> tuple[object, ...]:
    endpoint.behave(latency_ms=200, sigma=0.3, slots=512)
    work = Work(
        endpoint.url,
        bench.rows(n),
        bench.work / "kills" / name,
        1,
        IN_FLIGHT,
        more=dict(SWITCHES.get(name, {})),
    )
    n_kills = N_KILLS if name == OURS else 1
    killed = 0
    for turn in range(n_kills):
        with bench.running(name, work, [endpoint], keep=turn > 0) as process:
            if not endpoint.wait_for_replies(n * (turn + 1) // (n_kills + 1), within_s=90, process=process):
                break
            time.sleep(units(1, b"kill", turn)[0] * 0.2)
            process.terminate()  # measure kills the tree with SIGKILL
            process.communicate()
            killed += 1
        time.sleep(0.5)  # what a slot works on for nobody is noted as given up
    with bench.running(name, work, [endpoint], keep=True, time_out_s=90) as process:
        told = json.loads(process.communicate()[0])
    seen = endpoint.seen()
    twice = seen["answered_twice"]
    beyond = (
        seen["asked_again"] + seen["rows"] - min(n, seen["rows"])
    )  # a peer's own test request is beyond, too
    bench.say(
        f"  {name}: {killed} kills, {beyond} beyond the rows, {twice} twice, {told['how']} {told['exit']}"
    )
    return (
        *(name, killed, rows_of(name, work), seen["requests"], f"{beyond / max(1, killed):.0f}"),
        *(
            twice,
            f"{twice / max(1, killed):.1f}",
            f"exit {told['exit']}" if told["how"] == "ended" else told["how"],
        ),
    )
