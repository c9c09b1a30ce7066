from __future__ import annotations

import pytest

from tanemaki.verify.problems.units.unit_conversion import FAMILY
from tanemaki.verify.solvers.units.unit_conversion import solve as by_sizes


@pytest.mark.parametrize(
    ("kind", "quantity", "given", "target", "value"),
    [
        ("length", "3.5", "km", "m", 3500),
        ("length", "25", "mm", "m", "0.025"),
        ("weight", "0.4", "t", "g", 400_000),
        ("volume", "1", "m3", "mL", 1_000_000),
        ("area", "250", "a", "km2", "0.025"),
        ("time", "1.5", "day", "second", 129_600),
        ("speed", "72", "kmh", "ms", 20),
        ("speed", "9.5", "ms", "kmh", "34.2"),
        ("speed", "80", "mmin", "kmh", "4.8"),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_quantities_keep_their_size(
    kind: str, quantity: str, given: str, target: str, value: int | str, method: str
) -> None:
    parameters = {"kind": kind, "quantity": quantity, "given": given, "target": target}
    assert FAMILY.solve(parameters, method).answer == value == by_sizes(parameters)


def test_the_famous_factor_of_speeds_is_found() -> None:
    parameters = {"kind": "speed", "quantity": "90", "given": "kmh", "target": "ms"}
    steps = FAMILY.solve(parameters, "whole_factor").steps
    assert [step.equation for step in steps if step.equation] == ["60 × 60 ÷ 1000 = 3.6", "90 ÷ 3.6 = 25"]
