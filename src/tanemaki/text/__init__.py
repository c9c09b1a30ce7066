"""Japanese and English text, pure functions.

What a text is made of (scripts, language), where its sentences end, how long it is, and how alike two texts are.
"""
