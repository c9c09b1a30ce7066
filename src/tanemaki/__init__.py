"""Tanemaki (種まき, sowing): make, judge and select training data for language models."""

__version__ = "0.1.0"
