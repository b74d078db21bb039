"""How tests end a run, and how they look for what is left of it."""


class Stop(BaseException):
    """What ends a run in a test, as Ctrl-C does."""
