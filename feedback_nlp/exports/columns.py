"""Which column is the id, text, question, date, rating or segment: found and explained."""

from collections.abc import Iterable

import pandas as pd

from feedback_nlp.errors import ColumnError
from feedback_nlp.exports.profiles import Profile, profile
from feedback_nlp.exports.ratings import find_ratings
from feedback_nlp.exports.roles import Given, Roles
from feedback_nlp.exports.texts import find_question, find_texts
from feedback_nlp.exports.wordings import (
    BIRTH,
    COUNTED,
    DATE,
    DATE_OF_ANSWER,
    ID,
    LANGUAGE,
    OUTCOME,
    RESPONDENT,
    TITLE,
)
from feedback_nlp.schema import COMMENT_COLUMNS

MAX_LEVELS = 20
MIN_COVER = 0.8


def find_roles(frame: pd.DataFrame, given: Given, *, declared: Iterable[str] = ()) -> Roles:
    """Return what each column is for; what the user named goes first and is not looked for.

    Args:
        frame: The export as text.
        given: Columns the user named.
        declared: Metrics whose scale the user declared.

    Raises:
        ColumnError: A named column is not there, no column holds comments or ratings, or two could
            and it matters.
    """
    roles = Roles()
    _take_given(frame, given, roles)
    profiles = {str(name): profile(frame[name]) for name in frame}
    _find_one(profiles, given, roles)
    find_texts(profiles, given, roles)
    find_question(profiles, given, roles)
    if given.ratings is None:
        found = find_ratings(
            [p for p in profiles.values() if p.name not in roles.taken], set(declared)
        )
        for metric, column, why in found.chosen:
            roles.ratings[metric] = column
            roles.add(f"rating {metric}", column, why)
        roles.notes += found.notes
    _rest(profiles, given, roles)
    order = [
        "id",
        "respondent",
        "text",
        "question",
        "rating",
        "date",
        "language",
        "segment",
        "outcome",
        "sub-rating",
        "other",
    ]
    roles.table.sort(key=lambda entry: order.index(entry["role"].split()[0]))
    if not roles.texts and not roles.ratings:
        raise ColumnError(
            "No column holds comments or ratings. Say which one does: --text COLUMN or --rating "
            "nps=COLUMN. The table has: "
            f"{', '.join(map(repr, list(frame)[:12]))}."
        )
    return roles


def match_column(name: str, columns: Iterable[str], option: str) -> str:
    """Return the header that a user means: the same, or the same but for case and blanks.

    Raises:
        ColumnError: There is none, or several.
    """
    headers = list(columns)
    if name in headers:
        return name
    wanted = " ".join(name.split()).casefold()
    close = [header for header in headers if " ".join(header.split()).casefold() == wanted]
    if len(close) != 1:
        raise ColumnError.missing(name, headers, option=option)
    return close[0]


def _take_given(frame: pd.DataFrame, given: Given, roles: Roles) -> None:
    for role in ("id", "respondent", "question", "date", "language"):
        name = getattr(given, role)
        if name is not None:
            column = match_column(name, frame.columns, f"--{role}")
            setattr(roles, role, column)
            roles.add(role, column, f"given by --{role}", given=True)
    for name in given.text or ():
        column = match_column(name, frame.columns, "--text")
        if column not in roles.texts:
            roles.texts.append(column)
            roles.add("text", column, "given by --text", given=True)
    for metric, name in (given.ratings or {}).items():
        if metric in COMMENT_COLUMNS:
            raise ColumnError(
                f"A rating cannot be called {metric!r}: the comments table has a column of that "
                "name. Choose another one."
            )
        column = match_column(name, frame.columns, f"--rating {metric}=")
        roles.ratings[metric] = column
        roles.add(f"rating {metric}", column, "given by --rating", given=True)


def _find_one(profiles: dict[str, Profile], given: Given, roles: Roles) -> None:
    """Find the columns there is at most one of: language, date, id, respondent."""
    free = [p for p in profiles.values() if p.name not in roles.taken]
    if given.language is None:
        for p in free:
            if LANGUAGE.search(p.words) and p.languages >= 0.5:
                roles.language = p.name
                roles.add(
                    "language",
                    p.name,
                    f"header says language; {p.languages:.0%} of its values are languages we read",
                )
                break
    if given.date is None:
        _find_date([p for p in free if p.name not in roles.taken], roles)
    free = [
        p for p in free if p.name not in roles.taken and p.filled >= 0.5 * p.rows and p.dates < 0.5
    ]
    if given.id is None:
        ids = [p for p in free if ID.search(p.words)]
        if ids:
            best = max(ids, key=lambda p: p.levels)
            roles.id = best.name
            roles.add("id", best.name, f"header says id; {_uniqueness(best)}")
    if given.respondent is None:
        people = [
            p
            for p in free
            if RESPONDENT.search(p.words)
            and p.name not in roles.taken
            and not p.free_text
            and not p.yes_no
        ]
        people = [p for p in people if not p.coded]
        if people:
            roles.respondent = people[0].name
            roles.add(
                "respondent", people[0].name, f"header names a person; {_uniqueness(people[0])}"
            )


def _uniqueness(p: Profile) -> str:
    return (
        "each value once" if p.levels == p.rows else f"{p.levels} different values in {p.rows} rows"
    )


def _find_date(free: list[Profile], roles: Roles) -> None:
    def worth(p: Profile) -> float:
        if BIRTH.search(p.words) or p.length > 6:
            return 0.0
        if p.dates < 0.5:
            serial = DATE.search(p.words) and p.within(20_000, 60_000)
            return 1.0 if serial else 0.0
        return 1 + bool(DATE.search(p.words)) + bool(DATE_OF_ANSWER.search(p.words))

    best = max(free, key=worth, default=None)
    if best is None or worth(best) == 0:
        return
    roles.date = best.name
    others = [p.name for p in free if p is not best and worth(p) > 0]
    more = f"; also dates: {', '.join(others)} (choose with --date)" if others else ""
    header = "header says date; " if DATE.search(best.words) else ""
    roles.add(
        "date",
        best.name,
        f"{header}{max(best.dates, 0):.0%} of its values read as dates{more}"
        if best.dates
        else f"{header}day numbers of Excel",
    )


def _rest(profiles: dict[str, Profile], given: Given, roles: Roles) -> None:
    """Give every remaining column a role: sub-rating, outcome, segment or other."""
    wanted = [match_column(name, profiles, "--by") for name in given.segments or ()]
    rated = bool(roles.ratings)
    for p in profiles.values():
        if p.name in roles.taken:
            if p.name in wanted:
                roles.segments.append(p.name)
            continue
        role, why = _role_of_rest(p, rated=rated)
        chosen = p.name in wanted
        if chosen:
            role, why = "segment", "given by --by"
        (roles.subratings if role == "sub-rating" else roles.others).append(p.name)
        if role == "segment" and (chosen or given.segments is None):
            roles.segments.append(p.name)
        roles.add(role, p.name, why, given=chosen)


def _role_of_rest(p: Profile, *, rated: bool) -> tuple[str, str]:
    if p.groups:
        return "outcome", "names promoters, passives and detractors"
    if p.yes_no and OUTCOME.search(p.words):
        return "outcome", "yes or no, and the header asks about an intention or a result"
    if is_subrating(p) and rated:
        return (
            "sub-rating",
            f"numbers from {min(p.numbers):g} to {max(p.numbers):g} beside the overall rating",
        )
    if TITLE.search(p.words) and p.letters > 0.5 and not p.coded:
        return "other", "a short title beside the comment, not an answer of its own"
    if p.free_text or p.links or p.dates >= 0.5:
        return "other", "free text, addresses or dates without a role"
    if not p.filled:
        return "other", "no values"
    if 2 <= p.levels <= MAX_LEVELS and p.levels <= p.filled / 2:
        if p.filled >= MIN_COVER * p.rows:
            return "segment", f"{p.levels} values in {p.filled / p.rows:.0%} of rows"
        return "other", f"{p.levels} values, but in only {p.filled / p.rows:.0%} of rows"
    return (
        "other",
        f"{p.levels} different values: too {'few' if p.levels < 2 else 'many'} for a segment",
    )


def is_subrating(p: Profile) -> bool:
    """Return whether a column holds ratings by its values: few numbers of 0–10, nothing counted."""
    return (
        p.numeric >= 0.9
        and p.within(0, 10)
        and 3 <= len(p.numbers) <= 21
        and all(number * 2 == int(number * 2) for number in p.numbers)
        and not COUNTED.search(p.words)
    )
