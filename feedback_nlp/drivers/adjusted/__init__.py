"""What the score would be, by a model, if nobody had blamed a theme."""
