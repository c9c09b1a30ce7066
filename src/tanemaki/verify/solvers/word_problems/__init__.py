"""Second solvers of the word problems."""
