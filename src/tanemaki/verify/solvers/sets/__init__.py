"""Second solvers of the problems about sets."""
