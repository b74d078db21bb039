"""The steps of a command, shown while they take long."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Thread

from feedback_nlp.terminal.lines import say

LONG = 2.0  # seconds until a step is shown
Tell = Callable[[int, int], None]


class Steps:
    """Shows on stderr what is being done, for what takes longer than two seconds.

    At a terminal each long step has a line with a bar, the rate and the time left where it is
    known how much there is to do, else with the time so far; the line goes when the step ends.
    A terminal that can move no cursor (``TERM=dumb``) gets a line of plain text. Where stderr is
    no terminal, or with ``quiet``, nothing is shown.

    Example:
        >>> steps = Steps(2, quiet=True)
        >>> with steps.step("counting") as tell:
        ...     tell(1, 10)
    """

    def __init__(self, of: int = 0, *, quiet: bool = False) -> None:
        """Begin.

        Args:
            of: How many steps there are in all; 0 if that is not known.
            quiet: Show nothing.
        """
        self._of = of
        self._begun = 0
        self._shown = not quiet and sys.stderr.isatty()

    @contextmanager
    def step(self, doing: str) -> Iterator[Tell]:
        """Show one step while it lasts; what is given is told how many comments are done, of all.

        Args:
            doing: What is done, such as "finding themes".
        """
        self._begun += 1
        label = f"{self._begun} of {self._of} {doing}" if self._of else doing
        if self._shown:
            with _while_long(label) as tell:
                yield tell
        else:
            yield _ignore

    @contextmanager
    def follow(self) -> Iterator[Callable[[str, int, int], None]]:
        """Show steps that are told by their names, as ``analyze`` does: a new name, a new step."""
        with ExitStack() as shown:
            doing = ""
            tell: Tell = _ignore

            def told(step: str, done: int, total: int) -> None:
                nonlocal doing, tell
                if step != doing:
                    shown.close()
                    doing, tell = step, shown.enter_context(self.step(step))
                tell(done, total)

            yield told


def _ignore(done: int, total: int) -> None:
    pass


@contextmanager
def _while_long(label: str) -> Iterator[Tell]:
    """Show a line from the third second on; it is gone, and the cursor back, however it ends."""
    from feedback_nlp.terminal.bar import Bar

    bar = Bar(label)
    over = Event()

    def show() -> None:
        if not over.wait(LONG):
            if bar.moves:
                bar.start()
            else:
                say(f"{label} …")

    clock = Thread(target=show, daemon=True)
    clock.start()
    try:
        yield bar.tell
    finally:
        over.set()
        clock.join()
        bar.stop()
