"""What goes to worker processes and back arrives as it was."""

from __future__ import annotations

import sys
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.heavy_steps import Lucky, OddError, Spread
from tanemaki.core.errors import RecipeError, SetupError
from tanemaki.core.record import Children, Origin, Record
from tanemaki.core.step import Outcome, spec_of
from tanemaki.core.verdict import Reject
from tanemaki.engine.parcel import (
    Frames,
    ModuleFile,
    framed,
    load_module,
    pack_outcome,
    pack_raised,
    pack_record,
    pack_step,
    unpack_outcome,
    unpack_record,
    unpack_step,
)

VALUES: list[Any] = [
    None,
    True,
    -(1 << 62),
    0.1,
    float("inf"),
    "",
    "種まき",
    "ｶﾞと全角ＡＢＣ\u3000と 🍵👩‍🌾\ud800",
    "長い" * 100_000,
    ["一", "二"],
    [
        {"role": "user", "content": [{"type": "text", "text": "これは何？"}]},
        {"role": "assistant", "tool_calls": []},
    ],
    {"入れ子": [{"a": None}, [[]]]},
]
RECORD = Record(
    "a1",
    (7, 2),
    {f"f{i}": value for i, value in enumerate(VALUES)},
    ("p0", "p1"),
    (Origin("頁", "CC-BY-4.0", None, "chars 1-2"), Origin("b")),
)
SPEC = spec_of(Lucky(0.5))


def back(outcome: Any, spec: Any = SPEC) -> Outcome:
    took_s, given_back = unpack_outcome(pack_outcome(spec, RECORD, outcome, 0.25), RECORD)
    assert took_s == 0.25
    return given_back


def test_a_record_arrives_as_it_was() -> None:
    assert unpack_record(pack_record(3, RECORD)) == (3, RECORD)


def test_every_outcome_arrives_as_it_was() -> None:
    assert back(RECORD) is RECORD
    for outcome in (
        Reject("unlucky"),
        Reject("unlucky", 0.1, "語", "残念 🍵"),
        {"half": VALUES},
        Children.of(),
        Children.of({"half": "一"}, {"half": None}),
        Children(({"half": "一"},), sources=((Origin("本.txt", "CC0-1.0", None, "chars 0-4"),),)),
    ):
        assert back(outcome) == outcome
    assert back(RECORD.with_fields(half="新")) == {"half": "新"}
    assert back(RECORD, spec_of(Spread())) is RECORD
    assert back(RECORD.with_fields(half="新"), spec_of(Spread())) == RECORD.with_fields(half="新")


def test_an_outcome_that_cannot_be_sent_is_refused() -> None:
    with pytest.raises(RecipeError, match="step 'lucky' gave back what is no outcome"):
        back({"half": (one for one in "一")})


def test_an_exception_arrives_with_its_class_and_its_traceback_as_a_note() -> None:
    for error, says in ((KeyError("鍵"), "鍵"), (OddError("奇", "妙"), "OddError: 奇妙")):
        with pytest.raises(KeyError if isinstance(error, KeyError) else RuntimeError, match=says) as caught:
            unpack_outcome(pack_raised(error, "that is where"), RECORD)
        assert caught.value.__notes__ == ["that is where"]


@given(st.lists(st.binary(max_size=300), max_size=6), st.lists(st.integers(1, 50), min_size=1))
def test_messages_are_whole_however_they_are_cut(messages: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(map(framed, messages))
    frames, found, at, turn = Frames(), list[bytes](), 0, 0
    while at < len(stream):
        size = cuts[turn % len(cuts)]
        found += frames.feed(stream[at : at + size])
        at, turn = at + size, turn + 1
    assert found == messages


def test_a_step_arrives_with_its_settings_and_its_name() -> None:
    spec = unpack_step(pack_step(spec_of(Lucky(0.25))))
    assert (spec.step, spec.name, spec.heavy, spec.takes_context) == (Lucky(0.25), "lucky", True, True)


def test_a_step_whose_settings_cannot_be_sent_is_refused_with_the_way_out() -> None:
    unfit: list[tuple[Any, str]] = [((one for one in "一"), "generator"), (lambda: 1, "inside a function")]
    for share, got in unfit:
        with pytest.raises(SetupError, match="'lucky' cannot be sent to a worker process") as caught:
            pack_step(spec_of(Lucky(share)))
        assert got in str(caught.value.got)
        assert caught.value.next is not None
        assert "set workers: 0" in caught.value.next


def test_a_file_that_changed_since_the_run_began_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "changed_since.py"
    path.write_text("A = 1\n", encoding="utf-8")
    with pytest.raises(SetupError, match="changed after the run had started") as caught:
        load_module(ModuleFile("changed_since", str(path), "00"))
    assert caught.value.where == str(path)
    assert "changed_since" not in sys.modules


def test_a_file_that_import_does_not_find_is_loaded_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "not_on_the_path.py"
    path.write_text("NAME = __name__\n", encoding="utf-8")
    load_module(
        ModuleFile(
            "tanemaki_test_not_on_the_path", str(path), blake2b(path.read_bytes(), digest_size=16).hexdigest()
        )
    )
    module = sys.modules.pop("tanemaki_test_not_on_the_path")
    assert vars(module)["NAME"] == "tanemaki_test_not_on_the_path"
