"""Filters: one criterion each, pure, called with a record; the record comes back, or a reason why not."""

from tanemaki.clean.filters.answer_label import AnswerLabel
from tanemaki.clean.filters.antecedent import Antecedent
from tanemaki.clean.filters.apology import Apology
from tanemaki.clean.filters.assistant_opening import AssistantOpening
from tanemaki.clean.filters.avoid_topics import AvoidTopics
from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.changed import Changed
from tanemaki.clean.filters.content import Content
from tanemaki.clean.filters.copied_run import CopiedRun
from tanemaki.clean.filters.dialogue_marker import SpeaksForOther
from tanemaki.clean.filters.drift import Drift
from tanemaki.clean.filters.empty import NotEmpty
from tanemaki.clean.filters.ending import Ending
from tanemaki.clean.filters.growth import Growth
from tanemaki.clean.filters.heading import Heading
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.leak import SolutionLeak
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.novelty import Novelty
from tanemaki.clean.filters.off_topic import OnTopic
from tanemaki.clean.filters.opening import Opening
from tanemaki.clean.filters.pointing import Pointing
from tanemaki.clean.filters.prompt_leak import PromptLeak
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.clean.filters.same_numbers import SameNumbers
from tanemaki.clean.filters.several_items import SeveralItems
from tanemaki.clean.filters.several_questions import SeveralQuestions
from tanemaki.clean.filters.task_label import TaskLabel
from tanemaki.clean.filters.unfilled import Unfilled
from tanemaki.clean.filters.word_list import WordList

__all__ = [
    "AnswerLabel",
    "Antecedent",
    "Apology",
    "AssistantOpening",
    "AvoidTopics",
    "Boilerplate",
    "Changed",
    "Content",
    "CopiedRun",
    "Drift",
    "Ending",
    "Growth",
    "Heading",
    "Language",
    "Length",
    "NearCopy",
    "NotEmpty",
    "Novelty",
    "OnTopic",
    "Opening",
    "Pointing",
    "PromptLeak",
    "Refusal",
    "Repetition",
    "SameNumbers",
    "SeveralItems",
    "SeveralQuestions",
    "SolutionLeak",
    "SpeaksForOther",
    "TaskLabel",
    "Unfilled",
    "WordList",
]
