"""Tasks about reading: lines, numbers, rows, versions."""
