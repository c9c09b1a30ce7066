"""Not the signs are moved but their places, which are looked up at the end of each operation."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the string after all operations."""
    signs = list(p["text"])
    for name, *arguments in p["operations"]:
        n = len(signs)
        if name == "replace":
            old, new = arguments
            signs = [new if sign == old else sign for sign in signs]
        elif name == "remove":
            while arguments[0] in signs:
                signs.remove(arguments[0])
        elif name == "double_last":
            signs.append(signs[n - 1])
        elif name == "odd_places":
            signs = [sign for place, sign in enumerate(signs, 1) if place % 2]
        else:
            shift = {"to_the_end": 1, "to_the_front": -1}.get(name, 0) * sum(arguments)
            places = [(place + shift) % n for place in range(n)]
            if name == "reverse":
                places.sort(reverse=True)
            elif name == "swap_ends":
                places[0], places[n - 1] = n - 1, 0
            signs = [signs[place] for place in places]
    return "".join(signs)
