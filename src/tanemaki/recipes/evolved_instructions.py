"""Instructions that grow harder or wander further: the evolution itself, as every recipe that evolves instructions has it.

One place, so that ``evol_instruct`` and ``evolved_preference`` mean the same by an operator, by the four eliminations and by
their limits. The prompts lie in ``evol_instruct``, and other recipes name them in their ``shared.txt``.
"""

from __future__ import annotations

from tanemaki.clean.filters.answer_label import AnswerLabel
from tanemaki.clean.filters.apology import Apology
from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.content import Content
from tanemaki.clean.filters.ending import Ending
from tanemaki.clean.filters.growth import Growth
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.leak import SolutionLeak
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.novelty import Novelty
from tanemaki.clean.filters.opening import Opening
from tanemaki.clean.filters.prompt_leak import PromptLeak
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.clean.filters.unfilled import Unfilled
from tanemaki.core.model import Sampling
from tanemaki.generate.evolve import Answer, Evolve
from tanemaki.generate.looking import Filter
from tanemaki.generate.verdicts import Verdict

DEPTH = ("add_constraints", "deepen", "concretise", "add_reasoning_steps", "complicate_input")
BREADTH = ("broaden",)
SAMPLING = Sampling(temperature=1.0, top_p=0.95, max_tokens=2048)  # WizardLM's, for all of its calls
_MARKERS = {
    "ja": ("指示：",),
    "en": ("Instruction:", "Instructions:"),
}  # small models write the plural as often
_VERDICT = {"ja": "判定：", "en": "Verdict:"}
_LABELS = {
    "ja": {"evolved": "進化", "no_information_gain": "同等", "not_answerable": "破綻"},
    "en": {"evolved": "evolved", "no_information_gain": "equal", "not_answerable": "broken"},
}
_PROMPT_WORDS = {
    "ja": ("元の指示", "もとの指示", "渡された指示", "与えられた指示", "書き換えた指示", "書き換え後", "指示文"),
    "en": ("given prompt", "rewritten prompt", "created prompt", "given instruction", "original instruction",
           "rewritten instruction", "finished instruction", "this instruction"),
}  # fmt: skip
_PROMPT_RUN = {
    "ja": 18,
    "en": 40,
}  # letters: a clause; shorter runs of prompt and instruction met by accident
_CHARS = {"ja": (6, 2000), "en": (12, 4000)}  # "俳句を詠んで" has six; the upper end only stops what ran away
# Three times the 20 words that WizardLM asks for at most and never measures: 120 letters, or 50 of kana and kanji.
_DEPTH_CHARS = {"ja": 150, "en": 360}
_INPUT_CHARS = {"ja": 700, "en": 1400}  # fifteen lines of data on top
_BREADTH_CHARS = {"ja": 60, "en": 150}  # "of similar length": twice as long, or a clause more


def evolution(
    language: str,
    operators: tuple[str, ...],
    generations: int,
    *,
    answered_by: str | None,
    include_original: bool = False,
) -> Evolve:
    """Return the step that evolves the field ``instruction``; ``answered_by`` is the role that answers, None for nobody.

    The role ``writer`` rewrites, the role ``judge`` says whether anything was gained.

    >>> evolution("ja", ("deepen", "broaden"), 2, answered_by="strong").roles
    ('writer', 'judge', 'strong')
    """
    return Evolve(
        "evolved_instruction",
        start="instruction",
        operators=tuple(operators),
        of="writer",
        rounds=generations,
        draws={"complicate_input": ("input_formats", "input_format")}
        if "complicate_input" in operators
        else {},
        filters=_instruction_filters(language),
        also={one: _growth(language, one) for one in operators},
        verdict=Verdict("compare", of="judge", marker=_VERDICT[language], labels=_LABELS[language]),
        answer=Answer(answered_by, _answer_filters(language), SAMPLING) if answered_by else None,
        include_original=include_original,
        sampling=SAMPLING,
    )


def _growth(language: str, operator: str) -> tuple[Filter, ...]:
    if operator in BREADTH:
        return (Growth("text", of="parent", max_ratio=2.0, plus_chars=_BREADTH_CHARS[language]),)
    chars = _INPUT_CHARS if operator == "complicate_input" else _DEPTH_CHARS
    return (Growth("text", of="parent", plus_chars=chars[language]),)


def _instruction_filters(language: str) -> tuple[Filter, ...]:
    low, high = _CHARS[language]
    return (
        Refusal("text", language),
        Language("text", language),
        Opening("text", _MARKERS[language]),
        Refusal("text", language),  # behind the marker, too
        Boilerplate("text", language),
        Unfilled("text", language),
        PromptLeak("text", _PROMPT_WORDS[language], run_letters=_PROMPT_RUN[language]),
        SolutionLeak("text", language, action="reject"),
        Length("text", min_chars=low, max_chars=high),
        Repetition("text"),
        NearCopy("text", of="examples"),
        Novelty("text", of="parent"),
    )


def _answer_filters(language: str) -> tuple[Filter, ...]:
    return (
        AnswerLabel("text", language),
        Content("text"),
        Refusal("text", language),
        Apology("text", language, asked="asked"),
        Language("text", language),
        Boilerplate("text", language),
        Unfilled("text", language, alone=True),
        Ending("text"),
        Repetition("text"),
    )
