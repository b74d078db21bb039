"""Pauses for Python's garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_garbage() -> Iterator[None]:
    """Put off the search for garbage while a batch is read: many records are made, all needed.

    The search passes over all objects of the process, again and again the more are made. It goes on
    after the batch; where it was off before it stays off.

    Example:
        >>> import gc
        >>> with no_garbage():
        ...     gc.isenabled()
        False
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
