"""The second solvers of reckoning."""
