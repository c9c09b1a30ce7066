"""Problems of reckoning with whole numbers, decimals, fractions and ratios."""
