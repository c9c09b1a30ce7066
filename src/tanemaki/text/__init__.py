"""Japanese and English text: what it is made of, where its sentences end, how alike two of them are. Pure, no input or output."""
