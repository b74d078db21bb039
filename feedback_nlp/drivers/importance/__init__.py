"""How much themes and sub-ratings tell about the rating."""
