"""What answers requests: one wire format, and thin things around it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tanemaki.config.schema import ModelSettings
from tanemaki.core.model import Model

_MODULES = {
    "openai": "tanemaki.models.openai_compatible",
    "local": "tanemaki.models.local",
    "scripted": "tanemaki.models.scripted",
    "replay": "tanemaki.models.replay",
    "batch-file": "tanemaki.models.batch_file",
}


def open_model(role: str, settings: ModelSettings, base: Path) -> Model:
    """Return the model that the run file binds to a role, not opened yet.

    ``base`` is the folder that relative paths of the run file start from. Raises ``SetupError`` for what can be known to be
    wrong without a connection: a missing endpoint, key variable or file.
    """
    model: Model = import_module(_MODULES[settings.kind]).from_settings(role, settings, base)
    return model
