"""The line that shows how far a step is: bar, count, rate and time left, where there is room."""

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.progress import Progress, Task
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from feedback_nlp.terminal.lines import plain

_PER_SECOND = 4  # how often the line is drawn
_MARGIN = 4  # columns left free, so that ^C does not begin a new line
_SHORTEST_BAR = 8
_LONGEST_BAR = 40
_LEFT = len(" 59:59 left ")


class Bar(Progress):
    """One line on stderr about one step."""

    def __init__(self, label: str) -> None:
        """Begin to count the time; nothing is shown before ``start``.

        Args:
            label: What is being done.
        """
        super().__init__(
            console=Console(stderr=True, highlight=False), refresh_per_second=_PER_SECOND,
            transient=True, redirect_stdout=False,
        )  # fmt: skip
        self._task = self.add_task(plain(label), total=None)
        self._spinner = Spinner("line")

    @property
    def moves(self) -> bool:
        """Whether the terminal can draw a line anew."""
        return self.console.is_interactive

    def tell(self, done: int, total: int) -> None:
        """Note how many comments are done, of all; of 0 where they are not counted."""
        self.update(self._task, completed=done, total=total or None)

    def stop(self) -> None:
        """Take the line away, if it was shown."""
        if self.live.is_started:
            super().stop()

    def get_renderables(self) -> Iterable[RenderableType]:
        """Return the line as it is now."""
        for task in self.tasks:
            yield self._line(task, self.console.width - _MARGIN)

    def _line(self, task: Task, width: int) -> Table:
        counted = task.total is not None
        label = Text(task.description)
        label.truncate(max(width - _SHORTEST_BAR - _LEFT, _SHORTEST_BAR), overflow="ellipsis")
        room = width - label.cell_len - 1 - (_SHORTEST_BAR if counted else 1)
        facts = [fact for fact in facts_of(task) if fact]
        kept: list[str] = []
        for fact in sorted(facts, key=lambda fact: fact.endswith("left"), reverse=True):
            if len(fact) + 1 <= room:
                kept.append(fact)
                room -= len(fact) + 1
        bar = ProgressBar(
            total=task.total, completed=task.completed,
            width=_SHORTEST_BAR + min(max(room, 0), _LONGEST_BAR - _SHORTEST_BAR),
        )  # fmt: skip
        line = Table.grid(padding=(0, 1))
        line.add_column(no_wrap=True)
        shown = [Text(fact) for fact in facts if fact in kept]
        line.add_row(label, bar if counted else self._spinner, *shown)
        return line


def facts_of(task: Task) -> list[str]:
    """Return how far a step is: done of all, how many a second, the time so far, the time left.

    What is not known is blank.
    """
    elapsed = clock(task.elapsed or 0)
    if task.total is None:
        return [elapsed]
    speed, left = task.speed, task.time_remaining
    return [
        f"{task.completed:,.0f}/{task.total:,.0f}",
        f"{speed:,.0f} comments/s" if speed else "",
        elapsed,
        f"{clock(left)} left" if left else "",
    ]


def clock(seconds: float) -> str:
    """Return a length of time in minutes and seconds, and hours if there are any.

    Example:
        >>> clock(7.4), clock(83), clock(3723)
        ('0:07', '1:23', '1:02:03')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
