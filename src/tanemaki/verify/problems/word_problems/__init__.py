"""Word problems that the field knows by name: each is told by what one does to solve it."""
