"""Lines of text for a terminal, stripped of what could harm one."""

import re
import shutil
import sys

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LEAD = re.compile(r" *(?:- |\d+\. )?")
_LINE_END = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+\s*")
_LONGEST = 2000
PAGE_WIDTH = 100
NO_BREAK = "\u00a0"  # a blank at which no line is broken


def plain(text: str) -> str:
    r"""Return the text without control characters, which could rewrite a terminal.

    Example:
        >>> plain("fine\x1b[2Jgone")
        'fine[2Jgone'
    """
    return _CONTROL.sub("", text)


def one_line(message: str) -> str:
    r"""Return a message in one line of bearable length, without control characters.

    Example:
        >>> one_line("No column 'a\nb'.")
        "No column 'a b'."
    """
    line = plain(_LINE_END.sub(" ", message))
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]} … {line[-_LONGEST // 2 :]}"
    return line.encode("utf-8", "replace").decode("utf-8")


def at_width(text: str, width: int | None = None) -> str:
    """Return text with its lines wrapped, so that they go on beneath where they begin.

    Args:
        text: Lines, some of them items of a list.
        width: Characters in a line at most; if not given, that of the terminal, 100 at most. Where
            stdout is no terminal the text stays as it is.

    Example:
        >>> print(at_width("- Nobody wrote anything at all.", 20))
        - Nobody wrote
          anything at all.
    """
    if width is None:
        if not sys.stdout.isatty():
            return text
        width = min(shutil.get_terminal_size().columns, PAGE_WIDTH)
    return "\n".join(_wrapped(line, width) for line in text.split("\n"))


def _wrapped(line: str, width: int) -> str:
    from rich.cells import cell_len  # an emoji is two columns wide

    lead = _LEAD.match(line)
    first = lead.group() if lead else ""
    room = max(width - len(first), len(first) + 1)
    lines, taken = [""], 0
    for word in filter(None, line[len(first) :].split(" ")):
        long = cell_len(word)
        if taken and taken + 1 + long > room:
            lines.append(word)
            taken = long
        else:
            lines[-1] += f" {word}" if taken else word
            taken += long + bool(taken)
    return first + f"\n{' ' * len(first)}".join(lines)


def say(line: str, *, whole: bool = False) -> None:
    """Print one line on stderr; at a terminal it is wrapped between words.

    Args:
        line: What is said.
        whole: Do not wrap it, since it holds a command to be copied.
    """
    line = one_line(line)
    wraps = sys.stderr.isatty() and not whole
    sys.stderr.write((at_width(line, width_of_stderr()) if wraps else line) + "\n")


def width_of_stderr() -> int:
    """Return how many characters fit in a line of stderr: 80 where it is no terminal."""
    from rich.console import Console

    return Console(stderr=True).width
