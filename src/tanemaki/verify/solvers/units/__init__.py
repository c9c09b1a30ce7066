"""The second solvers of measures."""
