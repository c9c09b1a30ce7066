"""Puzzles whose one solution follows from what is said: orders, seats, liars, grids, truth."""
