"""Sets made elsewhere, read into the rows that a judge takes: the usual columns of preference data and of single answers."""
