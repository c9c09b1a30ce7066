"""Tasks for programmers, made from parameters: a specification in words, a reference solution in Python, and tests."""
