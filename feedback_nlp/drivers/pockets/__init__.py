"""Segments in which a theme hurts more than elsewhere."""
