"""One word that a judge was told to end with: read strictly, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tanemaki.text.normalise import normalise

_SIGNS = "*_#>-・「」『』\"'`()[]【】 \t"


def read_label(text: str, marker: str, labels: Mapping[str, str]) -> str | None:
    """Return the name of the label that stands after the marker; None where there is none, or two that differ.

    ``labels`` maps a name to the word that the prompt asks for. The marker must begin a line and the word must be the whole
    rest of it: a sentence in which the word occurs is no verdict. Width, case, bold signs and a full stop do not matter. A
    reply that is nothing but the word counts, too.

    >>> words = {"better": "改善", "worse": "悪化"}
    >>> read_label("長所はあるが、悪化した点もある。\\n**判定：** 改善。", "判定：", words)
    'better'
    >>> read_label("判定：改善とも悪化とも言えない", "判定：", words) is None
    True
    """
    names = {_bare(word): name for name, word in labels.items()}
    lines = [_bare(line) for line in text.splitlines()]
    if len(found := [line for line in lines if line]) == 1 and found[0] in names:
        return names[found[0]]
    opening = re.compile(re.escape(_bare(marker).rstrip(":")) + r"[*_ ]*:[*_ ]*")
    said = {_bare(line[match.end() :]) for line in lines if (match := opening.match(line))}
    return names.get(said.pop()) if len(said) == 1 else None


def _bare(text: str) -> str:
    return normalise(text).strip(_SIGNS).rstrip(".。!" + _SIGNS)
