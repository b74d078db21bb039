"""Scores over time: periods, changes, moving windows, shifts that are no noise."""
