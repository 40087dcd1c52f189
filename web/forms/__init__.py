"""Forms that are made from the fact classes: a new fact has its form without another line of code."""
