"""The screens and the read API."""
