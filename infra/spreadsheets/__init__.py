"""Spreadsheets in and out: fact lists, case lists, the template."""
