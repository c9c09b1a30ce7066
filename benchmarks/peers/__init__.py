"""The other frameworks on the same rows: each in its own environment, each by the shortest program that it takes."""
