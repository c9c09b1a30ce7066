"""Contracts that every other folder meets in. No input, no output."""
