"""The command line: each command parses its options, calls one function, writes what it returns.

Results go to stdout or to the file named; progress, the roles of columns and warnings go to
stderr. A ``FeedbackError`` becomes one line and exit code 1, in one place.
"""

from feedback_nlp.cli.app import app, main

__all__ = ["app", "main"]
