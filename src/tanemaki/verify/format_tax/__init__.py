"""What a fixed form of reply costs: the same choice of five asked for a number alone, freely, and with reasons first."""
