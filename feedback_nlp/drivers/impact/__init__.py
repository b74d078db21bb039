"""What each theme stands for in the score: points, impact, who says it."""
