"""What moved between periods, groups and dates, and what rises."""
