"""The roles columns can have, as the user gave them and as they were found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The columns the user named; what is ``None`` is looked for."""

    id: str | None = None
    respondent: str | None = None
    text: Sequence[str] | None = None
    question: str | None = None
    ratings: Mapping[str, str] | None = None
    date: str | None = None
    language: str | None = None
    segments: Sequence[str] | None = None


@dataclass(slots=True, kw_only=True)
class Roles:
    """What each column is for.

    Attributes:
        ratings: Column of each metric.
        subratings: Further columns of ratings.
        others: Everything else: segments, outcomes and the rest.
        segments: Those of the others to look at by default.
        table: One entry a column: role, column, why, given.
        notes: Sentences for the analyst.
    """

    id: str | None = None
    respondent: str | None = None
    texts: list[str] = field(default_factory=list)
    question: str | None = None
    date: str | None = None
    language: str | None = None
    ratings: dict[str, str] = field(default_factory=dict)
    subratings: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)
    table: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, role: str, column: str, why: str, *, given: bool = False) -> None:
        """Note what a column is for, and why."""
        self.table.append({"role": role, "column": column, "why": why, "given": given})

    def say_wording(self, role: str, wording: str) -> None:
        """Note that the answers of a role are in words, and which; blank where they are not."""
        for entry in self.table:
            if wording and entry["role"] == role and wording not in entry["why"]:
                entry["why"] += f"; answers in words ({wording})"

    @property
    def taken(self) -> set[str]:
        """Columns that have a role."""
        return {entry["column"] for entry in self.table}
