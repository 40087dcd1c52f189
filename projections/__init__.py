"""Readings of the journal: pure functions from records to what people look at."""
