"""What takes bad rows out and leaves good ones alone."""
