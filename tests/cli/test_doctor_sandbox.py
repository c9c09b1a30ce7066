"""What ``tanemaki doctor`` says of the sandbox."""

from __future__ import annotations

from support.cli import Work
from tanemaki.cli.doctor import _sandbox_rows
from tanemaki.verify.sandbox import layers


def test_doctor_says_what_holds_foreign_code_here(work: Work) -> None:
    assert work("doctor", "--json").json["sandbox"] == layers()
    shown = work("doctor").out
    assert (
        "Sandbox for code that others wrote:\n  state                      works: one was started\n" in shown
    )
    assert "refused by a filter of system calls (seccomp)\n" in shown


def test_doctor_says_that_and_why_nothing_is_executed() -> None:
    assert _sandbox_rows({"why": "this is darwin"}) == [
        ("state", "no foreign code is executed here"),
        ("why", "this is darwin"),
    ]


def test_doctor_says_that_bubblewrap_is_not_needed() -> None:
    told = dict(_sandbox_rows({"seccomp": True, "namespaces": False, "bubblewrap": False}))
    assert told["around it"] == "nothing (bubblewrap is a package of that name; it is not needed)"
    told = dict(_sandbox_rows({"seccomp": True, "namespaces": True, "bubblewrap": True}))
    assert told["around it"] == "namespaces, bubblewrap"
