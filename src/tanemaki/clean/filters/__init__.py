"""Filters: one criterion each, pure, called with a record; the record comes back, or a reason why not."""

from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.dialogue_marker import SpeaksForOther
from tanemaki.clean.filters.empty import NotEmpty
from tanemaki.clean.filters.ending import Ending
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.leak import SolutionLeak
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.opening import Opening
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.clean.filters.several_questions import SeveralQuestions

__all__ = [
    "Boilerplate",
    "Ending",
    "Language",
    "Length",
    "NearCopy",
    "NotEmpty",
    "Opening",
    "Refusal",
    "Repetition",
    "SeveralQuestions",
    "SolutionLeak",
    "SpeaksForOther",
]
