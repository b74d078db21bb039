"""Small neural networks that read texts: how they are written to a file, checked and run."""
