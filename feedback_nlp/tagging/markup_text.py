"""The text of one comment in markup, and back: where mentions begin and end."""

import re

from feedback_nlp.errors import FileFormatError, not_found
from feedback_nlp.records import Mention, Polarity
from feedback_nlp.tagging.labelled import LabelledComment, human_mention
from feedback_nlp.taxonomy import Taxonomy

_SIGNS: dict[str, Polarity] = {"+": "positive", "-": "negative", "0": "neutral"}
_SIGN_OF = {polarity: sign for sign, polarity in _SIGNS.items()}
_TAGS = re.compile(r"\{(?P<tags>[a-z0-9_.]+[+\-0](?:,\s*[a-z0-9_.]+[+\-0])*)[ \n]")
_ESCAPED = re.compile(r"\\([{}\\=])")
_END_MARKS = " \t\n.,;:!?…"


class MarkupReader:
    """Reads one comment: its text without marks in ``text``, its mentions in ``mentions``.

    Args:
        raw: The comment as written.
        where: File name and first line, for messages.
        taxonomy: The themes that may occur.

    Raises:
        FileFormatError: A mention does not begin, close or name its theme as it should.
    """

    def __init__(self, raw: str, where: tuple[str, int], taxonomy: Taxonomy) -> None:
        self.raw = raw
        self.where = where
        self.taxonomy = taxonomy
        self.text = ""
        self.mentions: list[Mention] = []
        self._opened: list[tuple[list[tuple[str, Polarity]], int, int]] = []
        at = 0
        while at < len(raw):
            at = self._step(at)
        if self._opened:
            themes, _, place = self._opened[-1]
            raise self._wrong(place, f"the mention of {themes[0][0]} is not closed by '}}'.")

    def _step(self, at: int) -> int:
        """Read the sign or character at a place; return the next place."""
        escaped, tags = _ESCAPED.match(self.raw, at), _TAGS.match(self.raw, at)
        if escaped:
            self.text += escaped[1]
            return escaped.end()
        if tags:
            self._opened.append((self._themes(tags["tags"], at), len(self.text), at))
            return tags.end()
        char = self.raw[at]
        if char == "{":
            raise self._wrong(
                at,
                f"{self.raw[at : at + 30]!r} begins no mention; write {{price.level- too dear}}, "
                r"or \{ if it is text.",
            )
        if char == "}":
            self._close(at)
        else:
            self.text += char
        return at + 1

    def _themes(self, tags: str, at: int) -> list[tuple[str, Polarity]]:
        found = [(tag[:-1], _SIGNS[tag[-1]]) for tag in re.split(r",\s*", tags)]
        for theme, _ in found:
            if theme not in self.taxonomy:
                said = not_found("theme", theme, self.taxonomy.ids).split(" The table")[0]
                raise self._wrong(at, said)
        return found

    def _close(self, at: int) -> None:
        if not self._opened:
            raise self._wrong(at, r"'}' closes nothing; write \} if it is text.")
        themes, start, place = self._opened.pop()
        start, end = _trimmed(self.text, start)
        if start >= end:
            raise self._wrong(place, f"the mention of {themes[0][0]} is empty.")
        self.mentions += [human_mention(theme, sign, start, end) for theme, sign in themes]

    def _wrong(self, at: int, message: str) -> FileFormatError:
        file, line = self.where
        return FileFormatError(f"{file}:{line + self.raw.count(chr(10), 0, at)}: {message}")


def _trimmed(text: str, start: int) -> tuple[int, int]:
    """Leave out blanks on both sides and the punctuation at the end, unless that is all."""
    said = text[start:]
    start += len(said) - len(said.lstrip())
    kept = text[start:].rstrip(_END_MARKS) or text[start:].rstrip()
    return start, start + len(kept)


def write_text(label: LabelledComment) -> str:
    """Return the text of a comment with its mentions marked."""
    spans: dict[tuple[int, int], list[str]] = {}
    for m in label.mentions:
        spans.setdefault((m.start, m.end), []).append(m.theme + _SIGN_OF[m.polarity or "neutral"])
    ends = [end for _, end in spans]
    out = []
    for at in range(len(label.text) + 1):
        out.append("}" * ends.count(at))
        longest_first = sorted((span for span in spans if span[0] == at), key=lambda s: -s[1])
        out += ["{" + ",".join(spans[span]) + " " for span in longest_first]
        if at < len(label.text):
            char = label.text[at]
            first = char == "=" and label.text[at - 1 : at] in ("", "\n")
            out.append("\\" + char if first or char in "{}\\" else char)
    return "".join(out)
