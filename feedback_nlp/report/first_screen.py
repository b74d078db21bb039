"""What the first screen of a report is made of."""

from dataclasses import dataclass

from feedback_nlp.report.blocks import Drawing, Key


@dataclass(frozen=True, slots=True, kw_only=True)
class TopReason:
    """One of the three reasons of the first screen."""

    rank: int
    name: str
    gain: str
    interval: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A number of the first screen, what it counts, and a note."""

    value: str
    label: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The first screen: the score, how sure it is, and why the low group is unhappy.

    Attributes:
        name: What the score is called.
        value: The score as it is written.
        between: Its interval and number of respondents, in words.
        meaning: Who gave which answers.
        certainty: How sure the score is, in words.
        scale: The score with its interval, and the target if there is one, on the whole scale.
        scale_label: What that drawing shows.
        groups: The shares of the groups.
        groups_label: What that drawing shows.
        legend: The groups with their shares and numbers.
        reasons_title: Heading of the reasons, or that there is none.
        reasons: The first three, the largest gain first.
        start: Where to start, and how to find out what it would bring; ``""`` without a reason.
        reasons_note: What the gains are and are not, or why there is no reason.
        facts: How many answered, wrote, wrote about a theme; when.
        target: How the score stands to its target; ``""`` without one.
        caution: That those who wrote score otherwise, where they do.
    """

    name: str
    value: str
    between: str
    meaning: str
    certainty: str
    scale: Drawing
    scale_label: str
    groups: Drawing
    groups_label: str
    legend: tuple[Key, ...]
    reasons_title: str
    reasons: tuple[TopReason, ...]
    reasons_note: str
    facts: tuple[Fact, ...]
    start: str = ""
    target: str = ""
    caution: str = ""
