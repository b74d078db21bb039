"""Comments whose words contradict the rating."""
