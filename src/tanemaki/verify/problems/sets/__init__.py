"""Problems about sets: counting what lies in one, in several, in none."""
