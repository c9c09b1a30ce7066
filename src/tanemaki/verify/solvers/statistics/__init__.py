"""Second solvers of the problems of statistics."""
