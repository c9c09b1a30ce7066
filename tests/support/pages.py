"""Markdown pages as tests read them: headings, blocks of code, links, and the paths and commands that they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from support.source_tree import ROOT, repository_files

_FENCE = re.compile(r"^(`{3,})(\w*)[^\n]*\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
_PATH = re.compile(r"`((?:src|tests|docs|examples|benchmarks|changelog\.d|\.ci)/[\w./{},*-]*)(?:::(\w+))?`")


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def blocks(self) -> list[Block]:
        text = self.text
        return [Block(m[2], m[3], text.count("\n", 0, m.start()) + 1) for m in _FENCE.finditer(text)]

    @property
    def prose(self) -> str:
        """The text without its blocks and without the comments that a browser hides."""
        return re.sub(r"<!--.*?-->", "", _FENCE.sub("", self.text), flags=re.DOTALL)

    @property
    def headings(self) -> list[int]:
        """Level of each heading, in order."""
        return [len(line.split(" ")[0]) for line in self.prose.splitlines() if re.match(r"#{1,6} ", line)]

    @property
    def links(self) -> list[str]:
        """Targets that lie in the repository."""
        return _LINK.findall(self.prose)

    @property
    def named_paths(self) -> list[tuple[str, str]]:
        """Paths in the running text, with the test or function that is named behind ``::``, if any."""
        return [(match[1], match[2] or "") for match in _PATH.finditer(self.prose)]


def pages() -> list[Page]:
    """Every page of the repository; the prompts of recipes are no pages."""
    found = [path for path in repository_files() if path.suffix == ".md" and "prompts" not in path.parts]
    return [Page(path) for path in found]


def commands(block: Block) -> list[str]:
    """The commands of a shell block: a line each, joined where it ends with a backslash, without prompts and comments."""
    lines = block.text.replace("\\\n", " ").splitlines()
    bare = [re.sub(r"\s+#.*$", "", line.removeprefix("$ ").strip()) for line in lines]
    return [line for line in bare if line and not line.startswith("#")]
