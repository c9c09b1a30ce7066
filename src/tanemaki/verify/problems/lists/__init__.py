"""Lists and strings that are ordered, counted or changed step by step."""
