"""Whole numbers: what divides them, what is left over, and how they are written."""
