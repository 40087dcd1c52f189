"""Drawing on the server: from a timeline to SVG, as pure functions."""
