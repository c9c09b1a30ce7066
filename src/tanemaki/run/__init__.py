"""The only place where recipe, models and engine meet."""
