from __future__ import annotations

from tanemaki.verify.problems.lists.run_lengths import FAMILY


def test_runs_are_packed_and_written_out() -> None:
    assert FAMILY.solve({"form": "pack", "text": "WWWBWWAA"}, "run_by_run").answer == "W3B1W2A2"
    assert FAMILY.solve({"form": "unpack", "text": "W3B1W2A2"}, "run_by_run").answer == "WWWBWWAA"
