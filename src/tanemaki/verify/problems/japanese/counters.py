"""Things that are counted with the same word are counted together: 助数詞 (本, 枚, 冊, 台, 匹, 羽, 頭, 着, 軒, 杯, 人, 個).

Level 1 has two things with one counter, level 2 four things of which two share one, level 3 five of which three share one.
Only things are in the table that have one usual counter.

Source: ours: counters are taught in 小学校学習指導要領 国語 from 第1学年 on; which of several things belong together is a
question of our own, so that the answer is certain.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_COUNTED = {
    "hon": "pencil umbrella carrot bottle tree needle",
    "mai": "plate stamp handkerchief leaf coin photograph",
    "satsu": "dictionary notebook magazine album picture_book",
    "dai": "car bicycle piano television",
    "hiki": "dog cat goldfish frog",
    "wa": "sparrow crow swan",
    "tou": "elephant horse cow",
    "chaku": "suit coat dress",
    "ken": "house shop",
    "hai": "coffee tea soup",
    "nin": "teacher pupil doctor",
    "ko": "apple egg eraser rice_ball",
}
"""Counter → things that nobody counts otherwise in everyday speech."""
_THINGS = {counter: tuple(things.split()) for counter, things in _COUNTED.items()}
_WITH_THREE = tuple(counter for counter, things in _THINGS.items() if len(things) > 2)  # noqa: PLR2004 - level 3 asks for three


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the things that belong together, others that do not, and how many there are of each."""
    sharing, n = (3, 5) if level == 3 else (2, 2 * level)  # noqa: PLR2004 - of three levels
    counter = draw.choose(tuple(_THINGS) if sharing == 2 else _WITH_THREE)  # noqa: PLR2004 - a pair
    things = draw.sample(_THINGS[counter], sharing)
    others = draw.sample([other for other in _THINGS if other != counter], n - sharing)
    things += [draw.choose(_THINGS[other]) for other in others]
    shuffled = draw.sample(things, n)
    return {
        "form": "same" if level == 1 else "pair" if level == 2 else "three",  # noqa: PLR2004 - of three levels
        "things": [[thing, draw.between(2, 29)] for thing in shuffled],
    }


def solve(p: Parameters, method: str) -> Worked:
    """Say the counter of each thing, then add up the numbers that share one."""
    counters = {thing: _counter(thing) for thing, _ in p["things"]}
    of = list(counters.values())
    shared = max(of, key=of.count)
    together = [number for thing, number in p["things"] if counters[thing] == shared]
    steps = []
    if method == "thing_by_thing":
        steps += [
            Step("counter", slots={"thing": Who(thing), "counter": Who(counter)})
            for thing, counter in counters.items()
        ]
    else:
        for counter in dict.fromkeys(of):
            things = [Who(thing) for thing in counters if counters[thing] == counter]
            told: dict[str, object] = {
                "counter": Who(counter),
                **dict(zip(("x", "y", "z"), things, strict=False)),
            }
            steps.append(Step(("alone", "two", "all_three")[len(things) - 1], slots=told))
    if len(of) > 2 and method == "thing_by_thing":  # noqa: PLR2004 - level 1 has one counter
        steps.append(Step("shared", slots={"counter": Who(shared)}))
    total = sum(together)
    steps.append(Step("total", f"{' + '.join(map(str, together))} = {total}", {"counter": Who(shared)}))
    return Worked(tuple(steps), [shared, total])


def _counter(thing: str) -> str:
    return next(counter for counter, things in _THINGS.items() if thing in things)


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """List the things, with their numbers and without them."""
    shown = [words["counted"].format(thing=words[thing], number=number) for thing, number in p["things"]]
    comma = words["list_two" if len(shown) == 2 else "list_comma"]  # noqa: PLR2004 - a pair is joined by "and"
    return {"list": comma.join(shown), "counters": words["counters"]}


FAMILY = Family(
    kind="names",
    draw=draw,
    solve=solve,
    methods=("thing_by_thing", "by_counter"),
    slots=slots,
)
