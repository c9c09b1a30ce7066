"""Second solvers of the problems with letters."""
