"""Second solvers of the problems about chance: every outcome is looked at."""
