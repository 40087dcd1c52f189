"""Imports: rows of lists become facts, corrections, or refusals that name the place and the cure."""
