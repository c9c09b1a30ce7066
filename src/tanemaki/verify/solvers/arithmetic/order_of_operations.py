"""The expression is read by Python's own grammar and worked out in fractions."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the value, which has to be whole."""
    value = _value(ast.parse(p["expression"].replace("×", "*").replace("÷", "/"), mode="eval").body)
    return value.numerator if value.denominator == 1 else str(value)


def _value(node: ast.expr) -> Fraction:
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left), _value(node.right)
        match node.op:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case _:
                return left / right
    return Fraction(str(ast.literal_eval(node)))
