"""What is written at the end: Parquet in the Hub's layout, JSONL, the card, and the way to the Hub."""

from tanemaki.datasets.card import Card, CardJudge, CardModel, CardSplits, CardStrata, render_card
from tanemaki.datasets.jsonl import JsonlFile, write_jsonl
from tanemaki.datasets.parquet import (
    ParquetFile,
    ParquetShards,
    Written,
    duck,
    write_parquet,
    write_shards,
)
from tanemaki.datasets.push import push
from tanemaki.datasets.spool import ColumnType, JsonText

__all__ = [
    "Card",
    "CardJudge",
    "CardModel",
    "CardSplits",
    "CardStrata",
    "ColumnType",
    "JsonText",
    "JsonlFile",
    "ParquetFile",
    "ParquetShards",
    "Written",
    "duck",
    "push",
    "render_card",
    "write_jsonl",
    "write_parquet",
    "write_shards",
]
