"""Equations, inequalities and functions with letters."""
