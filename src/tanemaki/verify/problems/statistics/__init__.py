"""Tables, means and spreads, as the junior-high curriculum has them."""
