"""Which columns are the overall ratings, and of which metric: recommend, satisfaction, effort."""

from dataclasses import dataclass, field

from feedback_nlp.errors import ColumnError, RatingError
from feedback_nlp.exports.answer_scales import RATED
from feedback_nlp.exports.profiles import Profile
from feedback_nlp.exports.recognition import header_span
from feedback_nlp.exports.wordings import (
    CES,
    COUNTED,
    EXPERIENCE,
    NPS,
    OVERALL,
    RATING,
    RECOMMEND,
    SATISFACTION,
)

_FEW = 10  # answers that say nothing about where their scale ends
_MANY = 30  # answers among which an NPS question would have a 0
_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A column that may be a rating of a metric; the higher the rank, the plainer its header."""

    metric: str
    rank: int
    why: str
    column: Profile


@dataclass(slots=True, kw_only=True)
class Found:
    """The ratings of an export: (metric, column, why), and what to tell."""

    chosen: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def find_ratings(columns: list[Profile], declared: set[str]) -> Found:
    """Return the overall rating of each metric.

    Args:
        columns: Columns without a role.
        declared: Metrics whose scale the user declared, so that their range is no evidence against
            them.

    Raises:
        ColumnError: Two columns could be the same rating and no other one is found, or one column
            could be NPS or CSAT.
        RatingError: A column is called NPS and holds 1–5.
    """
    found = Found()
    candidates = [c for p in columns if (c := _candidate(p, declared, found.notes)) is not None]
    for metric in ("nps", "csat", "ces"):
        same = [c for c in candidates if c.metric == metric]
        same = [c for c in same if c.column.worded is None] or same
        if not same:
            continue
        best = [c for c in same if c.rank == max(other.rank for other in same)]
        weak = metric == "ces" and best[0].rank == 1 and found.chosen
        if weak:
            continue
        if len(best) > 1:
            worded = best[0].column.worded is not None  # a note tells how to name one
            if worded or (found.chosen and metric != "nps"):
                continue
            _ask_which(metric, best)
        _ask_nps_or_csat(best[0], found)
        found.chosen.append((metric, best[0].column.name, best[0].why))
    if not found.chosen:
        found.notes.append(
            "No column was recognised as a rating. Add --rating nps=COLUMN (or csat=, ces=) if "
            "there is one."
        )
        found.notes += [
            f"{p.name!r} is answered in words ({p.worded.id}); to read it as a rating add "
            f"--rating csat={p.name!r}."
            for p in columns
            if p.worded is not None and p.worded.kind in (*RATED, "likelihood")
        ][:_TOLD]
    return found


def _candidate(p: Profile, declared: set[str], notes: list[str]) -> Candidate | None:
    """Return what a column rates by its header and its values, or ``None``."""
    if p.worded is not None:
        return _in_words(p)
    if p.numeric < 0.5 or p.dates >= 0.5 or _is_yes_no(p):
        return None
    asked_nps = bool(NPS.search(p.words))
    if asked_nps or RECOMMEND.search(p.words):
        return _recommend(p, asked_nps=asked_nps, declared=declared, notes=notes)
    csat, why = _csat_rank(p)
    if CES.search(p.words) and csat < 2 and not COUNTED.search(p.words):
        plain_ces = "effort" in p.words or "ces" in p.words.split() or len(p.words.split()) >= 4
        return Candidate(
            metric="ces",
            rank=2 if plain_ces else 1,
            why="header asks about effort or ease",
            column=p,
        )
    if csat and not (COUNTED.search(p.words) and csat < 2):
        return Candidate(metric="csat", rank=csat, why=f"{why}; {_range(p)}", column=p)
    return None


def _in_words(p: Profile) -> Candidate | None:
    """Return what a column of answers in words rates: never NPS, and never a fact.

    Yes and no, frequencies and likelihoods are ratings only where the user says so; so are words
    that are on two scales.
    """
    if p.worded is None or p.worded.kind not in RATED or p.unclear:
        return None
    if NPS.search(p.words) or RECOMMEND.search(p.words):
        return None
    told = f"answers in words ({p.worded.id})"
    csat, why = _csat_rank(p)
    if p.worded.kind in ("ease", "effort") or (CES.search(p.words) and csat < 2):
        if not CES.search(p.words) and not csat:
            return None
        return Candidate(metric="ces", rank=2, why=f"effort or ease; {told}", column=p)
    return Candidate(metric="csat", rank=csat, why=f"{why}; {told}", column=p) if csat else None


def _is_yes_no(p: Profile) -> bool:
    """Return whether a column says yes or no; a few 0 and 1 under a rating's header do not."""
    if not p.yes_no or p.letters:
        return p.yes_no
    said_recommend = bool(RECOMMEND.search(p.words)) and not NPS.search(p.words)
    return p.levels == 2 and (p.filled >= _FEW or said_recommend)


def _recommend(
    p: Profile, *, asked_nps: bool, declared: set[str], notes: list[str]
) -> Candidate | None:
    usual = [number for number in p.numbers if 0 <= number <= 10]
    span = header_span(p.name)
    if asked_nps and min(p.numbers) < -10:
        return None  # a column of computed −100, 0, 100
    ends_at_five = bool(usual) and min(usual) >= 1 and max(p.numbers) <= 5
    ends_at_five = ends_at_five or (span is not None and span[1] <= 7)
    if (
        span in ((0.0, 10.0), (1.0, 10.0))
        or "nps" in declared
        or not ends_at_five
        or (asked_nps and p.filled < _FEW and span is None)
    ):
        said = "header says NPS" if asked_nps else "header asks to recommend"
        return Candidate(metric="nps", rank=2, why=f"{said}; {_range(p)}", column=p)
    if asked_nps:
        raise RatingError(
            f"Column {p.name!r} is called NPS but holds only {_range(p)}; NPS needs 0–10. If it "
            "was asked on 0–10 add --scale nps=0-10, "
            f"else read it as satisfaction with --rating csat={p.name!r}."
        )
    notes.append(
        f"{p.name!r} asks to recommend but holds {_range(p)}: that is no NPS, so it is read as "
        "csat. "
        "If it was asked on 0–10 add --scale nps=0-10."
    )
    return Candidate(
        metric="csat",
        rank=3,
        why=f"asks to recommend on a scale that is not 0–10; {_range(p)}",
        column=p,
    )


def _csat_rank(p: Profile) -> tuple[int, str]:
    overall, satisfied = bool(OVERALL.search(p.words)), bool(SATISFACTION.search(p.words))
    lived, rated = bool(EXPERIENCE.search(p.words)), bool(RATING.search(p.words))
    if "csat" in p.words.split():
        return 5, "header says CSAT"
    ranged = header_span(p.name) is not None
    bare = p.words in ("overall", "total", "general")
    if overall and (satisfied or lived or rated or ranged or bare):
        return 4, "header says overall"
    if satisfied:
        return 3, "header asks about satisfaction"
    if lived:
        return 2, "header asks about the experience"
    if rated:
        return 1, "header says rating or score"
    return (1, "header says the scale") if ranged else (0, "")


def _range(p: Profile) -> str:
    return f"answers {min(p.numbers):g}–{max(p.numbers):g}" if p.numbers else "no answers"


def _ask_which(metric: str, best: list[Candidate]) -> None:
    names = [c.column.name for c in best]
    count = {2: "Two", 3: "Three"}.get(len(names), str(len(names)))
    options = " or ".join(f"--rating {metric}={name!r}" for name in names[:6])
    listed = ", ".join(map(repr, names[:-1])) + f" and {names[-1]!r}"
    raise ColumnError(
        f"{count} columns could hold the {metric.upper()} answer: {listed}. Which one? Add "
        f"{options}."
    )


def _ask_nps_or_csat(chosen: Candidate, found: Found) -> None:
    """Ask what a bare score of 0–10 is: recommend or satisfaction, the header does not say."""
    p = chosen.column
    if (
        chosen.metric != "csat"
        or chosen.rank > 1
        or found.chosen
        or header_span(p.name) is not None
    ):
        return
    ten = p.within(0, 10) and max(p.numbers) > 7
    if ten and (p.zero or p.filled < _MANY):
        raise ColumnError(
            f"Column {p.name!r} holds {_range(p)} and its header does not say what was asked. Was "
            "it 'would you recommend us?' "
            f"Then add --rating nps={p.name!r}; for satisfaction add --rating csat={p.name!r}."
        )
