"""Writes replies that obey drawn format orders: the proof that orders which stand together can be obeyed together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tanemaki.verify.formats import Order
from tanemaki.verify.formats.lengths import count_chars

Constraint = Mapping[str, Any]
SENTENCES = {
    ("ja", True): "はるのうみはあおいです。",
    ("ja", False): "はるのうみはあおい。",
    ("en", True): "The sea is blue.",
}
WORDS = {"ja": "うみ", "en": "sea"}


def obey(constraints: Sequence[Constraint | Order], language: str) -> str:
    """Return a text that obeys all of them, put together by hand and without asking a checker."""
    of = {
        (one.name if isinstance(one, Order) else one["name"]): (
            one.parameters if isinstance(one, Order) else one["parameters"]
        )
        for one in constraints
    }
    return _Writer(of, of.get("reply_language", {}).get("language", language)).text()


class _Writer:
    def __init__(self, of: Mapping[str, Mapping[str, Any]], language: str) -> None:
        self.of, self.language = of, language
        polite = language == "en" or "plain_style" not in of
        self.sentence, self.word = SENTENCES[language, polite], WORDS[language]
        self.gap = "" if language == "ja" else " "
        self.polite = polite

    def text(self) -> str:
        document = self._document()
        text = self._prose() if document is None else document
        text = text.upper() if "upper_case" in self.of else text
        return text.lower() if "lower_case" in self.of else text

    def _n(self, name: str) -> int:
        return int(self.of[name]["n"]) if name in self.of else 0

    @property
    def least(self) -> int:
        return max(self._n("chars_at_least"), int(self.of.get("chars_between", {}).get("low", 0)))

    @property
    def needed(self) -> str:
        """The words that must be there, as often as they must."""
        words = [self.of["contains"]["text"]] if "contains" in self.of else []
        if "keyword_times" in self.of:
            words += [self.of["keyword_times"]["word"]] * self._n("keyword_times")
        return (self.gap or "の").join(words)

    def _document(self) -> str | None:
        told = self.needed or self.word
        for _ in range(400):
            found = self._document_of(told)
            if found is None or count_chars(found) >= self.least:
                return found
            told += self.gap + self.word
        return None

    def _document_of(self, told: str) -> str | None:
        if "json" in self.of:
            return json.dumps({self.word: told}, ensure_ascii=False)
        if "json_schema" in self.of:
            return json.dumps(_instance(self.of["json_schema"]["schema"], told), ensure_ascii=False)
        if "yaml" in self.of:
            return f"{self.word}: {json.dumps(told, ensure_ascii=False)}\n{self.word}2: 3"
        for name, between in (("csv", ","), ("tsv", "\t"), ("markdown_table", " | ")):
            if name in self.of:
                n, k = int(self.of[name]["n_columns"]), int(self.of[name]["n_rows"])
                rows = [[self.word] * n for _ in range(k + 1)]
                rows[1][0] = told
                lines = [between.join(row) for row in rows]
                if name == "markdown_table":
                    lines = [f"| {line} |" for line in lines]
                    lines.insert(1, "|" + "---|" * n)
                return "\n".join(lines)
        return None

    def _prose(self) -> str:
        """Blocks: what begins, the list, what fills, what ends."""
        text = ""
        for n_filling in range(600):
            text = self._assembled(n_filling)
            if count_chars(text) >= self.least and self._has_sentences(n_filling):
                return text
        return text

    def _n_fixed_sentences(self) -> int:
        return 1 + bool({"ends_with", "ends_with_question"} & set(self.of))

    def _has_sentences(self, n_filling: int) -> bool:
        return "sentences" not in self.of or n_filling + self._n_fixed_sentences() == self._n("sentences")

    def _assembled(self, n_filling: int) -> str:
        first = (
            self.of["starts_with"]["text"] + self.gap if "starts_with" in self.of else ""
        ) + self._first()
        end = self._end()
        filling = self.gap.join([self.sentence] * n_filling)
        space = self.gap
        if "paragraphs" in self.of:
            n = self._n("paragraphs")
            parts = [first + space + filling, *[self.sentence] * (n - 2), end or self.sentence]
            return self._wrapped("\n\n".join(part.strip() for part in parts))
        if "two_responses" in self.of:
            marker = self.of["two_responses"]["marker"]
            last = self.sentence * 2 + space + end
            return self._wrapped(f"{first}{space}{filling}\n{marker}\n{last}".strip())
        listed = self._listed()
        lines = [first + space + filling, *listed]
        body = "\n".join(line.strip() for line in lines)
        if "title" in self.of:
            marks = self.of["title"]
            body = f"{marks['opening']}{self.word}{marks['closing']}\n\n{body}"
        if end:
            body += ("\n" if listed else space) + end
        if "rating" in self.of:
            marks = self.of["rating"]
            body += f"\n{marks['label']}：４\n{marks['reason_label']}：{self.sentence * 2}"
        if "postscript" in self.of:
            body += f"\n\n{self.of['postscript']['marker']}{self.gap}{self.sentence}"
        return self._wrapped(body)

    def _first(self) -> str:
        pieces = [self.needed] if self.needed else []
        pieces += [f"**{self.word}**"] * self._n("highlighted")
        pieces += [f"[{self.word}]"] * self._n("placeholders")
        return "".join(piece + self.gap for piece in pieces) + self.sentence

    def _listed(self) -> list[str]:
        n = self._n("bullets_exactly") or self._n("bullets_at_least")
        lines = ["・" + self.word] * n if self.language == "ja" else ["- " + self.word] * n
        wide = dict(zip(map(ord, "0123456789"), "０１２３４５６７８９", strict=True))
        lines += [f"{k}．".translate(wide) + self.word for k in range(1, self._n("numbered") + 1)]
        for _ in range(self._n("headings")):
            lines += [f"# {self.word}", self.sentence]
        return lines

    def _end(self) -> str:
        if "ends_with" in self.of:
            return str(self.of["ends_with"]["text"])
        if "ends_with_question" not in self.of:
            return ""
        if self.language == "en":
            return "Is it not?"
        return "いかがですか。" if self.polite else "それはなぜだろうか。"

    def _wrapped(self, text: str) -> str:
        if "wrapped" not in self.of:
            return text
        return f"{self.of['wrapped']['opening']}{text}{self.of['wrapped']['closing']}"


def _instance(schema: Mapping[str, Any], told: str) -> Any:
    kind = schema["type"]
    if kind == "object":
        return {
            name: _instance(one, told if at == 0 else "x")
            for at, (name, one) in enumerate(schema["properties"].items())
        }
    if kind == "array":
        n = schema.get("minItems", 1)
        return [_instance(schema["items"], told if at == 0 else "x") for at in range(n)]
    return told if kind == "string" else 1
