"""Numbers and figures that follow one another by a rule."""
