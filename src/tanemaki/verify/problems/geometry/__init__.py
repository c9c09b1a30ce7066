"""Figures and bodies described in words: lengths, angles, areas, volumes."""
