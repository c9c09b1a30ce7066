"""What is written at the end: Parquet in the Hub's layout, JSONL, the card, and the way to the Hub."""

from tanemaki.datasets.card import Card, CardModel, render_card
from tanemaki.datasets.jsonl import write_jsonl
from tanemaki.datasets.parquet import Written, write_parquet, write_shards
from tanemaki.datasets.push import push
from tanemaki.datasets.spool import ColumnType

__all__ = [
    "Card",
    "CardModel",
    "ColumnType",
    "Written",
    "push",
    "render_card",
    "write_jsonl",
    "write_parquet",
    "write_shards",
]
