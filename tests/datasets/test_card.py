"""The card: metadata that the Hub reads, counts that add up, nothing guessed, no clock, host or path."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import DatasetCard
from ruamel.yaml import YAML

from tanemaki.datasets.card import Card, CardModel, render_card, size_category
from tanemaki.datasets.parquet import write_parquet, write_shards
from tanemaki.datasets.spool import ColumnType

COLUMNS: dict[str, ColumnType] = {
    "id": "text",
    "messages": "messages",
    "sources": "origins",
    "lineage": "json",
}
CARD = Card(
    name="ペルソナ対話",
    language="ja",
    licence="Apache-2.0",
    version="0.1.0",
    recipe="persona_dialogue",
    seed=7,
    source="personas",
    source_licences=["CC-BY-4.0", None, "CC-BY-4.0"],
    n_in=29,
    n_children=0,
    n_accepted=20,
    n_rejected=8,
    n_failed=1,
    reasons={("messages", "cut"): 3, ("messages", "no_marker"): 5},
    failures={"timeout": 1},
    models=[
        CardModel("writer", "Qwen/Qwen3 8B", {"temperature": 0.7, "stop": ["\n\n"]}),
        CardModel("judge", "m"),
    ],
    prompts={"question": "ab12", "answer": "cd34"},
    columns=COLUMNS,
    samples=[
        {"id": f"r{n}", "messages": [{"role": "user", "content": f"問い{n} ```x```"}], "lineage": {"a": 1}}
        for n in range(5)
    ],
)


def metadata(card: Card) -> dict[str, Any]:
    told: dict[str, Any] = YAML(typ="safe").load(render_card(card).split("---\n")[1])
    return told


def test_the_metadata_block_is_what_the_hub_reads() -> None:
    assert metadata(CARD) == {
        "pretty_name": "ペルソナ対話",
        "language": ["ja"],
        "license": "apache-2.0",
        "task_categories": ["text-generation"],
        "size_categories": ["n<1K"],
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated"],
        "tags": ["synthetic", "tanemaki", "tanemaki-0.1.0", "Qwen/Qwen3-8B", "m"],
        "configs": [
            {"config_name": "default", "data_files": [{"split": "train", "path": "data/train-*.parquet"}]}
        ],
    }
    assert DatasetCard(render_card(CARD)).data.get("license") == "apache-2.0"


def test_a_licence_is_never_guessed_and_its_absence_is_said() -> None:
    card = replace(CARD, licence=None)
    assert "license" not in metadata(card)
    assert "**No licence has been chosen.**" in render_card(card)


def test_a_licence_that_the_hub_does_not_know_goes_under_its_own_name() -> None:
    told = metadata(replace(CARD, licence="社内 限り"))
    assert (told["license"], told["license_name"]) == ("other", "社内-限り")


def test_counts_reasons_models_prompts_and_sources_are_told() -> None:
    text = render_card(CARD)
    for line in (
        "| from the source | 29 |",
        "| accepted (this dataset) | 20 |",
        "| messages | no_marker | 5 |\n| messages | cut | 3 |\n|  | failed: timeout | 1 |",
        '| writer | Qwen/Qwen3 8B | temperature 0.7, stop ["\\n\\n"] |',
        "| judge | m | defaults |",
        "| answer | cd34 |\n| question | ab12 |",
        "* Source `personas`; licences of its rows: CC-BY-4.0, unknown.",
        "* Recipe `persona_dialogue`, seed 7.",
        "| sources | list of id, licence, url, span |",
    ):
        assert line in text


def test_three_samples_are_shown_whole_without_their_history() -> None:
    text = render_card(CARD)
    assert text.count("````text\n") == 3
    assert "user: 問い2 ```x```" in text
    assert "問い3" not in text
    assert "lineage:" not in text


def test_a_long_sample_is_shortened_and_says_so() -> None:
    text = render_card(replace(CARD, samples=[{"text": "あ" * 5000}]))
    assert "あ" * 800 + "… (5000 characters)" in text


def test_rows_that_no_model_wrote_are_not_said_to_be_written_by_one() -> None:
    text = render_card(replace(CARD, models=[], source="count"))
    assert "no language model was asked" in text
    assert "written by language models" not in text
    assert "terms of the models" not in text
    assert "* Source `count`: nothing but numbers." in text


def test_a_card_without_anything_to_tell_is_legal() -> None:
    card = replace(
        CARD,
        n_in=0,
        n_accepted=0,
        n_rejected=0,
        n_failed=0,
        reasons={},
        failures={},
        samples=[],
        models=[],
    )
    text = render_card(replace(card, prompts={}, source_licences=[]))
    assert "## Samples" not in text
    assert "## Rejected" not in text
    assert "licences of its rows: unknown." in text


def test_fault_18_a_card_whose_rows_do_not_add_up_is_our_bug() -> None:
    with pytest.raises(ValueError, match="rows are not conserved: 31 in"):
        replace(CARD, n_in=31)
    with pytest.raises(ValueError, match="do not add up"):
        replace(CARD, reasons={("a", "b"): 7})


def test_names_cannot_break_out_of_their_cells_or_lines() -> None:
    card = replace(
        CARD, name='a"\nlicense: mit\n---', models=[CardModel("w", "a|b\nc")], prompts={"x|y": "z"}
    )
    assert metadata(card)["pretty_name"] == 'a" license: mit ---'
    assert metadata(card)["license"] == "apache-2.0"
    assert "| w | a\\|b c | defaults |" in render_card(card)


def test_a_models_file_is_told_without_its_folder() -> None:
    text = render_card(replace(CARD, models=[CardModel("writer", "/home/hanako/geheim/model.gguf")]))
    assert "hanako" not in text
    assert "| writer | model.gguf | defaults |" in text


@pytest.mark.parametrize(
    ("n_rows", "name"),
    [
        (0, "n<1K"),
        (999, "n<1K"),
        (1000, "1K<n<10K"),
        (9999, "1K<n<10K"),
        (10_000, "10K<n<100K"),
        (1_000_000, "1M<n<10M"),
        (10**15, "10B<n<100B"),
    ],
)
def test_sizes_have_the_hubs_names(n_rows: int, name: str) -> None:
    assert size_category(n_rows) == name


@pytest.mark.parametrize("n_rows", [0, 7])
def test_datasets_opens_the_written_folder_and_sees_the_accepted_rows_alone(
    tmp_path: Path, n_rows: int
) -> None:
    folder = tmp_path / "run"
    rows = [
        {
            "id": f"r{n}",
            "messages": [{"role": "user", "content": f"問い{n}"}],
            "sources": [],
            "lineage": {"n": n},
        }
        for n in range(n_rows)
    ]
    write_shards(rows, COLUMNS, folder / "data", shard_bytes=300)
    write_parquet(
        [{"id": "x", "reason": "cut"}], {"id": "text", "reason": "text"}, folder / "rejected.parquet"
    )
    (folder / "README.md").write_text(render_card(CARD), encoding="utf-8")
    (folder / "run.yaml").write_text("recipe: x\n")
    program = (
        "import sys, json; from datasets import load_dataset\n"
        # datasets opens no rows at all in streaming only: "corresponds to no data", whoever wrote them
        "d = load_dataset(sys.argv[1], split='train', streaming=sys.argv[2] == '0')\n"
        "print(json.dumps([list(d.features), [r['messages'] for r in d]]))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, str(folder), str(n_rows)],
        capture_output=True,
        text=True,
        env={"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "cache"), "PATH": ""},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names, messages = json.loads(done.stdout)
    assert names == list(COLUMNS)
    assert messages == [row["messages"] for row in rows]
