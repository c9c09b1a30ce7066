"""Second solvers of the problems about lists and strings."""
