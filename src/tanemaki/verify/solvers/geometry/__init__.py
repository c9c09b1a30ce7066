"""Second solvers of the problems of geometry: coordinates, counting and measuring."""
