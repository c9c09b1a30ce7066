"""Where an evolved text stands in its tree: what it was made from, by which operators, in which generation."""

from __future__ import annotations

from dataclasses import dataclass

from tanemaki.core.record import FieldType, Json

Named = tuple[str, str]
"""What an operator is called in the columns: of the last one, and of all that led here."""


def columns_of(named: Named) -> dict[str, FieldType]:
    """Return the fields that tell a row's lineage, with their types.

    >>> list(columns_of(("axis", "axes")))
    ['axis', 'generation', 'round', 'root_id', 'parent_id', 'axes', 'history', 'model_name']
    """
    return {
        named[0]: "text",
        "generation": "integer",
        "round": "integer",
        "root_id": "text",
        "parent_id": "text",
        named[1]: "texts",
        "history": "texts",
        "model_name": "text",
    }


@dataclass(frozen=True, slots=True)
class Lineage:
    """One text of a tree. Immutable: a child is made of it and cannot change it.

    >>> root = Lineage("俳句を書いて。", "r", "r")
    >>> child = root.child("deepen", "切れ字の働きがわかる俳句を書いて。", "r-1")
    >>> child.generation, child.history, root.history
    (1, ('俳句を書いて。',), ())
    """

    text: str
    id: str
    root_id: str
    parent_id: str | None = None
    operators: tuple[str, ...] = ()
    """What led here, the first first; as many as the generation."""
    history: tuple[str, ...] = ()
    """The texts that it came from, the root's first, its own not among them; as many as the generation."""

    @property
    def generation(self) -> int:
        """How many evolutions lie between the root and this text."""
        return len(self.operators)

    def child(self, operator: str, text: str, child_id: str) -> Lineage:
        """Return the text that an operator made of this one."""
        return Lineage(
            text, child_id, self.root_id, self.id, (*self.operators, operator), (*self.history, self.text)
        )

    def columns(self, named: Named, round_: int, model: str | None) -> dict[str, Json]:
        """Return the fields of its row: every one of :func:`columns_of`."""
        return {
            named[0]: self.operators[-1] if self.operators else None,
            "generation": self.generation,
            "round": round_,
            "root_id": self.root_id,
            "parent_id": self.parent_id,
            named[1]: list(self.operators),
            "history": list(self.history),
            "model_name": model,
        }
