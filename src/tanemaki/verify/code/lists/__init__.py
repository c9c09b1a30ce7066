"""Tasks about lists: turn, cut, group, count, merge."""
