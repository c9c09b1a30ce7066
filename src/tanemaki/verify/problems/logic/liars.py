"""Who tells the truth, who lies? 正直者と嘘つき, knights and knaves.

Level 1 has three people, level 4 six. All but one speak about one other person, which makes a tree of "the same kind" and
"the other kind" and leaves two cases; the one who is left speaks about two people, which decides.

Source: Raymond Smullyan, What Is the Name of This Book? (1978), ch. 3.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_LETTERS = "abcdef"


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw who lies, but neither all nor nobody, and what each of them says then."""
    n = level + 2
    liars = draw.between(1, (1 << n) - 2)
    lies = {who: bool(liars >> k & 1) for k, who in enumerate(_LETTERS[:n])}
    root, *others = draw.sample(_LETTERS[:n], n)
    said: dict[str, list[Json]] = {}
    known = [root]
    for who in others:
        about = draw.choose(known)
        said[who] = ["differ" if lies[who] != lies[about] else "same", about]
        known.append(who)
    one, two = sorted(draw.sample(others, 2))
    are_same = lies[one] == lies[two]
    said[root] = ["pair_same" if are_same != lies[root] else "pair_differ", one, two]
    return {
        "people": draw.sample(range(36), n),
        "statements": [said[who] for who in _LETTERS[:n]],
    }


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Return the names and what each of them says, one a line."""
    names = [words[letter] + words["title"] for letter in _LETTERS[: len(p["people"])]]
    told = [
        words["line"].format(name, words[f"said_{kind}"].format(*(words[one] for one in about)))
        for name, (kind, *about) in zip(names, p["statements"], strict=True)
    ]
    return {
        "names": words["comma"].join(names[:-1]) + words["last"] + names[-1],
        "statements": "\n".join(told),
        "n": len(names),
    }


def solve(p: Parameters, method: str) -> Worked:
    """Sort all into two kinds and see which lies, or follow both cases."""
    said = dict(zip(_LETTERS, p["statements"], strict=False))
    root = next(who for who, (kind, *_) in said.items() if kind.startswith("pair"))
    links = _links(said, root)
    steps = _by_cases(said, root, links) if method == "cases" else _by_kinds(said, root, links)
    lies = _follow(links, root, root_lies=not _is_true(said[root], _follow(links, root, root_lies=False)))
    found: list[Json] = [who for who in said if lies[who]]
    return Worked(
        (*steps, Step(f"liars_{len(found)}", slots={f"l{k}": Who(who) for k, who in enumerate(found, 1)})),
        found,
    )


_Said = Mapping[str, list[str]]
_Links = list[tuple[str, str, bool]]
"""Who speaks, about whom, and whether the two are of the same kind; from the root outwards."""


def _links(said: _Said, root: str) -> _Links:
    links: _Links = []
    known = [root]
    for about in known:
        for who, (kind, *of) in said.items():
            if who != root and of[0] == about:
                links.append((who, about, kind == "same"))
                known.append(who)
    return links


def _follow(links: _Links, root: str, *, root_lies: bool) -> dict[str, bool]:
    lies = {root: root_lies}
    for who, about, same in links:
        lies[who] = lies[about] == same
    return lies


def _is_true(statement: list[str], lies: Mapping[str, bool]) -> bool:
    kind, one, two = statement
    return (lies[one] == lies[two]) == (kind == "pair_same")


def _by_kinds(said: _Said, root: str, links: _Links) -> list[Step]:
    steps = [
        Step("link_same" if same else "link_differ", slots={"x": Who(who), "y": Who(about)})
        for who, about, same in links
    ]
    apart = _follow(links, root, root_lies=False)
    kind, one, two = said[root]
    are = "same" if apart[one] == apart[two] else "differ"
    true = are == kind.removeprefix("pair_")
    told = {"x": Who(one), "y": Who(two), "r": Who(root)}
    return [
        *steps,
        Step(f"are_{are}", slots=told),
        Step("so_honest" if true else "so_liar", slots={"r": Who(root)}),
    ]


def _by_cases(said: _Said, root: str, links: _Links) -> list[Step]:
    """The case that fails comes first."""
    honest = _is_true(said[root], _follow(links, root, root_lies=False))
    steps = []
    for root_lies in (honest, not honest):
        lies = _follow(links, root, root_lies=root_lies)
        name = "liar" if root_lies else "honest"
        steps.append(Step(f"assume_{name}", slots={"r": Who(root)}))
        for who, about, same in links:
            told = {"x": Who(who), "y": Who(about)}
            steps.append(
                Step(
                    f"{'liar' if lies[about] else 'honest'}_called_{'honest' if same else 'liar'}", slots=told
                )
            )
        _, one, two = said[root]
        is_true = _is_true(said[root], lies)
        fits = "fits" if is_true != root_lies else "fails"
        steps.append(Step(f"{fits}_{name}", slots={"r": Who(root), "x": Who(one), "y": Who(two)}))
    return steps


FAMILY = Family(
    kind="names", draw=draw, solve=solve, methods=("kinds", "cases"), slots=slots, known=("n",), levels=4
)
