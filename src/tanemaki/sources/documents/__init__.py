"""Passages of a user's own documents: PDF, DOCX, Markdown, HTML and text files.

One file per format reads it into blocks (:mod:`~tanemaki.sources.documents.parts`); :class:`Documents` makes passages of
them.
"""

from tanemaki.sources.documents.source import Documents

__all__ = ["Documents"]
