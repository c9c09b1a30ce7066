"""Tasks about the calendar and the clock."""
