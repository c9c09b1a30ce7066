"""Problems about chance, and about counting the ways in which something can be done."""
