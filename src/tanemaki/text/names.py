"""Names and addresses on the web in a text: what a rewriting or a translation must neither change nor make up.

Without a model: a name is what its letters show to be one. Names in kanji alone show themselves only by what follows them
(さん, 市, 川 …), so this finds fewer names than there are, and few that are none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tanemaki.text.normalise import nfkc, normalise
from tanemaki.text.tables import read_table

_NAME = re.compile(
    r"(?<![.!?。！？:：\n\"“「] )(?<=[\w,;)] )[A-Z][A-Za-z]+"  # a capital inside a sentence
    r"|[ァ-ヴー]{3,}"  # a word in katakana: a foreign name, a thing, a dish
    r"|[一-鿿々ヶ]{1,6}(?=さん|くん|君|ちゃん|様|氏|先生|県|府|市|町|村|駅|川|山|島|国|社|大学|時代)"
)
_LATIN_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Z](?:[A-Za-z]*[A-Z0-9][A-Za-z0-9]*|[a-z]{2,})(?![A-Za-z0-9])")
_URL = re.compile(r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]+")
_TAIL = ".,;:!?)'"
_SURE = re.compile(
    r"(?<![ァ-ヴー])[ァ-ヴー]{2,40}(?:[・=][ァ-ヴー]{2,})+"  # ジョン・スミス
    r"|(?<![ァ-ヴー])[ァ-ヴー]{2,40}(?=さん|氏|市|州|島|川|山脈|王国|大学|県|社(?!会)|賞|大統領|首相|教授|博士)"
    r"|(?<![一-鿿々])[一-鿿々]{2,5}?(?=さん|氏|県|府|市(?![場民販街議])|町(?![内並民中])|村(?![人民])|駅(?![前員弁])|大学(?![生院])|時代|神社|寺(?!院))"
)
_LOOSE = re.compile(r"[ァ-ヴー]{4,}")
_SPEAKER = re.compile(r"^[ \t*\-]*[^\s:：。]{1,12}[:：]", re.MULTILINE)
_HEADING = re.compile(
    r"^(?:[ \t]*[#|].*|[ \t]*\*\*[^*\n]+\*\*[ \t]*"
    r"|(?:[A-Z][\w'-]*[ \t]+(?:(?:of|the|and|in|to|a|for|on)[ \t]+)*){2,}[A-Z][\w'-]*[:?]?)[ \t]*$",
    re.MULTILINE,
)
_NO_NAME = frozenset(
    (
        "皆",
        "奥",
        "お客",
        "市町村",
        "都道府",
        "何",
        "同",
        "各",
        "現",
        "古代",
        "中世",
        "近代",
        "戦国",
        "自分",
        "子供",
        "主人",
    )
)
_STEM = 4  # letters that tell a name and its adjective: Japan, Japanese


def find_names(text: str) -> list[str]:
    """Return what looks like a name, in order, as it stands after NFKC.

    >>> find_names("田中さんがロンドンで Alice and Bob に会った。")
    ['田中', 'ロンドン', 'Alice', 'Bob']
    """
    return _NAME.findall(nfkc(text))


def find_latin_names(text: str) -> list[str]:
    """Return the capitalised words and abbreviations of a text, each once, in order: NASA, Tokyo, iPhone excepted.

    In Japanese text, where no sentence begins with a capital, all of them are names.

    >>> find_latin_names("NASAとSpaceXは、フロリダ州のCape Canaveralで打ち上げた。")
    ['NASA', 'SpaceX', 'Cape', 'Canaveral']
    """
    return list(dict.fromkeys(_LATIN_NAME.findall(nfkc(text))))


def find_urls(text: str) -> list[str]:
    """Return the addresses on the web in a text, in order, without the punctuation that ends the sentence.

    >>> find_urls("詳しくは（https://example.com/a?b=1）を。See www.example.org/x.")
    ['https://example.com/a?b=1', 'www.example.org/x']
    """
    return [url.rstrip(_TAIL) for url in _URL.findall(text)]


def made_up_names(text: str, source: str) -> list[str]:
    """Return the names of a text that its source does not hold, in order.

    Names that show themselves by what stands around them count each; a katakana word that may be an ordinary one counts only
    where two such are new. Speakers before a colon, headings and tables' headers are no names.

    >>> made_up_names("建てたのは山田太郎氏で、パリ市に学んだ。", "塔は1968年に建てられた。")
    ['山田太郎', 'パリ']
    >>> made_up_names("The tower stands in Osaka.", "A tower in Osaka was built.")
    []
    """
    told = _HEADING.sub("", _SPEAKER.sub("", nfkc(text)))
    known = normalise(source)
    sure = [name for name in _SURE.findall(told) if name not in _NO_NAME]
    latin = find_latin_names(told) if re.search("[ぁ-んァ-ヴ]", told) else _INSIDE.findall(told)
    sure += [name for name in latin if name not in _common_capitals()]
    new = [name for name in dict.fromkeys(sure) if not _stands_in(name, known)]
    common = _common_katakana()
    loose = [
        word
        for word in dict.fromkeys(_LOOSE.findall(told))
        if word not in common and normalise(word) not in known and not any(word in name for name in new)
    ]
    return new + (loose if len(loose) > 1 else [])


_INSIDE = re.compile(r"(?<=[\w,;)] )[A-Z][A-Za-z]{2,}")


def _stands_in(name: str, known: str) -> bool:
    parts = [normalise(part) for part in re.split("[・=]", name)]
    if name.isascii():
        return all(part[:_STEM] in known for part in parts)
    return all(part in known for part in parts)


@lru_cache(maxsize=1)
def _common_katakana() -> frozenset[str]:
    return frozenset(
        word for row in read_table("tanemaki.text", "common_katakana") for word in row["words"].split()
    )


@lru_cache(maxsize=1)
def _common_capitals() -> frozenset[str]:
    rows = read_table("tanemaki.text", "common_capitals")
    return frozenset(word for row in rows for word in row["words"].split())
