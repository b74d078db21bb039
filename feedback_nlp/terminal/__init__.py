"""What is shown at a terminal: lines and tables stripped of what could harm one, and progress."""

from feedback_nlp.terminal.lines import NO_BREAK, at_width, one_line, plain, say
from feedback_nlp.terminal.steps import Steps
from feedback_nlp.terminal.tables import parts_text, print_pairs, print_parts, print_table

__all__ = [
    "NO_BREAK", "Steps", "at_width", "one_line", "parts_text", "plain", "print_pairs",
    "print_parts", "print_table", "say",
]  # fmt: skip
