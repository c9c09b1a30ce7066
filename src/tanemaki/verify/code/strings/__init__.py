"""Tasks about strings: runs, brackets, widths, ciphers, names."""
