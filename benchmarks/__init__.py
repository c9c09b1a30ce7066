"""The numbers that this project quotes, and the scripts that make them: `make bench-engine`."""
