"""Numbers and units as Japanese has them: kanji numerals, eras, counters, old measures."""
