"""The engine: runs a recipe's plan and keeps its promises. It knows no recipe."""
