"""Second solvers of the problems about whole numbers."""
