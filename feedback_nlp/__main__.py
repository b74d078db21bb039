"""``python -m feedback_nlp``."""

from feedback_nlp.cli import main

main()
