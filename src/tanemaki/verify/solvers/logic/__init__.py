"""Second solvers of the puzzles of logic: all possibilities are tried."""
