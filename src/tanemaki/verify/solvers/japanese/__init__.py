"""Second solvers of the problems about Japanese numbers and units."""
