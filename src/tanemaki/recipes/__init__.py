"""Recipes, one folder each, and the catalogue that finds them."""
