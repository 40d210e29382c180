"""The SQL side of the house, and the bundled sample that fills it."""
