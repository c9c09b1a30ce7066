"""A scripted editor for the recipes that write a response anew, and what such recipes have in common to show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support.recipe_runs import accepted, rejected, run_recipe, serve_recipe, without_lineage
from support.runs import Captured
from tanemaki.core.model import Reply, Request
from tanemaki.core.seeding import Draw

_DATA = Path("data") / "train-00000-of-00001.parquet"
_SAID: dict[str, dict[str, str]] = {
    "ja": {
        "instruction": "{k}番の畑の里芋に水をやる時期と量を教えてください。",
        "response": "里芋は乾きに弱い野菜です。{k}番の畑では水をやりましょう。",
        "better": "書き直し：{k}番の畑の里芋は乾きに弱いので、七月から、土に染みる量の水を{a}日おきの朝にやります。",
        "drifted": "書き直し：京都の石庭では、砂利の紋様を眺めて縁側で過ごす人が{a}人いました。拝観料は受付で払います。",
        "unchanged": "書き直し：里芋は乾きに弱い野菜です。{k}番の畑では、水をやりましょう！",
        "improved": "時期と量がわかる。\n判定：改善",
        "no_improvement": "言い換えただけだ。\n判定：据え置き",
        "off": "条件を破っている。\n判定：逸脱",
    },
    "en": {
        "instruction": "When and how much should I water the celeriac in field {k}?",
        "response": "Celeriac does not like dry soil. Water field {k} in time.",
        "better": "Rewritten: Celeriac in field {k} suffers in dry soil, so water it deeply every {a} mornings in July.",
        "drifted": "Rewritten: Sit on the veranda of a stone garden in Kyoto and watch {a} shadows wander over the gravel.",
        "unchanged": "Rewritten: Celeriac does not like dry soil; water field {k} in time!",
        "improved": "It tells when and how much.\nVerdict: improved",
        "no_improvement": "The same in other words.\nVerdict: same",
        "off": "It breaks a constraint.\nVerdict: drifted",
    },
}
Kinds = Mapping[str, tuple[str, tuple[str, ...]]]
"""What a prompt holds (an empty text: anything) → what is said as a rule, and the faults, both by their names."""


class Editor(Captured):
    """Answers each kind of prompt; one call in six commits a fault, which it writes down under its reason."""

    def __init__(self, said: Mapping[str, str], kinds: Kinds, *, slow: str | None = None) -> None:
        self.planted: Counter[str] = Counter()
        self._said = said
        self._kinds = kinds
        super().__init__(self.answer_to, slow=slow)

    def answer_to(self, request: Request) -> Reply:
        asked = str(request.messages[-1]["content"])
        draw = Draw("editor", request.seed or 0, asked)
        k = re.findall(r"(?:field |指示】\n)(\d+)", asked)[-1]
        usual, faults = next(said for sign, said in self._kinds.items() if sign in asked)
        fault = None if draw.below(6) else draw.choose(faults)
        if fault:
            self.planted["drifted" if fault == "off" else fault] += 1
        said = self._said[fault or usual].format(k=k, a=draw.between(2, 9))
        if fault == "grew_too_much":
            said += "".join(f" {k}-{draw.below(10**6)}" for _ in range(90))
        return Reply(said)


class Edited:
    """One recipe that rewrites responses, run with an editor who has texts and faults of its own."""

    def __init__(self, name: str, said: Mapping[str, Mapping[str, str]], kinds: Mapping[str, Kinds]) -> None:
        self.name = name
        self._said = {language: _SAID[language] | dict(own) for language, own in said.items()}
        self._kinds = kinds

    def pairs(self, language: str, n: int) -> list[dict[str, str]]:
        """Return instructions with a poor response each."""
        said = self._said[language]
        return [
            {name: said[name].format(k=k) for name in ("instruction", "response")} for k in range(1, n + 1)
        ]

    def editor(self, language: str, *, slow: str | None = None) -> Editor:
        """Return an editor who has said nothing yet."""
        return Editor(self._said[language], self._kinds[language], slow=slow)

    def run(
        self,
        folder: Path,
        language: str,
        source: Sequence[Mapping[str, str]],
        *,
        concurrency: int = 16,
        slow: str | None = None,
        **options: Any,
    ) -> Editor:
        """Run to the end of the source; return the editor, who knows what was planted."""
        model = self.editor(language, slow=slow)
        run_recipe(self.name, folder, language, source, model, concurrency=concurrency, options=options)
        return model

    def check_order(self, folder: Path, language: str) -> None:
        """Assert that concurrency changes no byte, and a reversed source no row."""
        source = self.pairs(language, 50)
        self.run(folder / "one", language, source, concurrency=1)
        self.run(folder / "eight", language, source, concurrency=8, slow="x")
        self.run(folder / "back", language, source[::-1], concurrency=8)
        assert (folder / "one" / _DATA).read_bytes() == (folder / "eight" / _DATA).read_bytes()
        assert without_lineage(accepted(folder / "one")) == without_lineage(accepted(folder / "back"))

    def check_served(self, folder: Path, language: str) -> None:
        """Assert that a server with faults of its own gives the same rows and reasons."""
        source = self.pairs(language, 60)
        self.run(folder / "here", language, source)
        serve_recipe(self.name, folder / "there", language, source, self.editor(language).answer_to)
        here, there = folder / "here", folder / "there"
        assert without_lineage(accepted(here)) == without_lineage(accepted(there))
        reasons = [Counter(row["reason"] for row in rejected(one)) for one in (here, there)]
        assert reasons[0] == reasons[1]
