"""Derived states: cases, titles, procedures, courses, jobs; each derived once per journey."""
