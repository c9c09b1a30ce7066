"""What says how good a record is, or what kind of thing: scales, their readers, and verdicts by them."""
