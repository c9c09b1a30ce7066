"""A probe of middle-school maths: is a technique known, used when nobody asks for it, usable when told, or dispensable?

One repeat asks four things: what a probability means (``concept``), the chance of an event of dice that has a small
complement (``free``), the same by writing all cases down (``enumerate``), the same by the complement in three steps
(``complement``). Replies are graded by an exact key; the pattern of what is right names a class.
"""
