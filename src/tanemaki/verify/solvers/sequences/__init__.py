"""Second solvers of the problems about sequences."""
