"""Tanemaki turns seeds into training data for language models.

What is named here is loaded when it is first used, so that ``import tanemaki`` stays light.
"""

from importlib import import_module

__version__ = "0.1.0"

_PLACES = {
    "Children": "tanemaki.core.record",
    "Record": "tanemaki.core.record",
    "Recipe": "tanemaki.core.recipe",
    "Reject": "tanemaki.core.verdict",
    "Reply": "tanemaki.core.model",
    "Request": "tanemaki.core.model",
    "Run": "tanemaki.run.session",
    "Sampling": "tanemaki.core.model",
    "Scripted": "tanemaki.models.scripted",
    "TanemakiError": "tanemaki.core.errors",
}
"""Public name → module. ``__init__.pyi`` beside this file tells type checkers and editors the same."""

__all__ = ["__version__", *_PLACES]  # noqa: PLE0604 - the names are texts; the linter does not look into a mapping


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module 'tanemaki' has no attribute {name!r}; it has {', '.join(_PLACES)}")
    value: object = getattr(import_module(_PLACES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
