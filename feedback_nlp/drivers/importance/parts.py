"""How much each predictor tells about an outcome, when predictors go together: parts of R².

Definitions: ``docs/drivers.md``. Importance says which answers or themes go with the rating, taken
together with the others. It does not say what the rating would be if one of them changed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.importance.relative_weights import (
    MOST_FOR_LMG,
    NOTHING,
    Floats,
    arrange_groups,
    check_lmg,
)
from feedback_nlp.drivers.importance.resampled_weights import Answers, resampled
from feedback_nlp.drivers.settings import check_settings
from feedback_nlp.errors import ColumnError, FeedbackError, shorten_list
from feedback_nlp.showing import counted

Method = Literal["auto", "lmg", "johnson"]
PER_COLUMN = 5  # respondents that each column of predictors needs
FIGURES = (
    "correlation", "importance", "importance_low", "importance_high", "importance_share",
    "random_share", "over_random_low", "over_random_high",
)  # fmt: skip


def importance_of(
    predictors: pd.DataFrame,
    outcome: pd.Series,
    *,
    method: Method = "auto",
    groups: Mapping[str, str] | None = None,
    n_boot: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the part of R² that goes to each predictor, the most important first.

    Args:
        predictors: Numbers, one row a respondent and one column a predictor.
        outcome: The rating of the same respondents.
        method: ``lmg`` (Lindeman, Merenda and Gold; the Shapley value of R², at most 12 predictors
            or groups), ``johnson`` (relative weights), or ``auto``: LMG where it can be had.
        groups: Name of the group of each column; the columns of a group get one row together.
        n_boot: Bootstrap draws of respondents, 20 or more; 0 for no intervals.
        seed: Of the bootstrap.
        confidence: Level of the intervals, between 0 and 1.

    Returns:
        One row a predictor or group:

        - ``predictor``; ``n``: respondents with an answer to everything, whom all figures are of;
        - ``correlation``: with the outcome, −1 to 1; missing for groups of several columns;
        - ``importance``: part of R², 0 to 1, with ``importance_low`` and ``importance_high``
          (percentile bootstrap); ``importance_share``: part of what is explained, these sum to 1;
        - ``random_share``: the share that a random predictor gets if it is added (the mean of the
          draws); ``over_random_low``, ``over_random_high``: interval of the importance minus that
          of the random predictor; ``beats_random``: it lies above zero (Tonidandel and LeBreton
          2011). Importance is never negative, so that an interval of it above zero proves nothing.

        ``attrs["importance"]`` has the method, R² with its interval, adjusted R², how many rows
        were used (``n``), how many lack something (``n_incomplete``) and how many of them lack
        what (``n_set_aside``; who lacks two things counts under both), which columns were dropped,
        and ``notes`` in words. Where nothing can be said all figures are missing, and the notes say
        why.

    Raises:
        ColumnError: A column holds no numbers, or the two tables are not of the same rows.
        FeedbackError: There are too many predictors for LMG, no such method, or bad settings.

    Example:
        >>> ratings = pd.Series([1, 2, 3, 4, 5] * 6)
        >>> answers = pd.DataFrame({"staff": [1, 2, 2, 5, 5] * 6, "food": [4, 3, 5, 3, 4] * 6})
        >>> table = importance_of(answers, ratings, n_boot=200)
        >>> table[["predictor", "n", "importance", "beats_random"]].round(2)
          predictor   n  importance  beats_random
        0     staff  30        0.91          True
        1      food  30        0.05         False
    """
    _check_method(method)
    check_settings(n_boot=n_boot, seed=seed, confidence=confidence)
    names = [str(name) for name in predictors.columns]
    arrange_groups(names, groups)
    values, answers, aside = _complete(predictors, outcome, names)
    varied = _varied(values)
    notes: dict[str, Any] = {
        "outcome": str(outcome.name), "n": len(answers), "n_set_aside": aside,
        "n_incomplete": len(outcome) - len(answers),
        "dropped": {
            name: "constant" for name, varies in zip(names, varied, strict=True)
            if len(answers) and not varies
        },
        "n_boot": n_boot, "seed": seed, "confidence": confidence,
    }  # fmt: skip
    kept = [name for name, varies in zip(names, varied, strict=True) if varies]
    known = {name: (groups or {}).get(name, name) for name in names}
    places, order, sizes = arrange_groups(kept, {name: known[name] for name in kept})
    used = _method(method, len(order))
    lost = [name for name in dict.fromkeys(known.values()) if name not in order]
    notes |= {"method": used, "random_columns": max(sizes, default=1)}
    notes["notes"] = _reasons(answers, kept, notes)
    table = _blank([*order, *lost], len(answers))
    if not notes["notes"] and order:
        data = Answers.of(answers, values[:, varied][:, places], sizes, used)
        figures, fit = _figures(data, n_boot=n_boot, seed=seed, confidence=confidence)
        table.update(figures)
        table["beats_random"] = _beats(table)
        remarks = _remarks(data, [kept[i] for i in places], notes)
        notes |= fit | {"notes": remarks}
    table = table.sort_values("importance", ascending=False, kind="stable").reset_index(drop=True)
    table.attrs["importance"] = notes
    return table


def _figures(
    data: Answers, *, n_boot: int, seed: int, confidence: float
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return the figures of the groups, and how well they explain the outcome together."""
    matrix = data.correlations(data.counts[np.newaxis])
    point = data.weights(matrix)[0][0]
    r_squared = float(min(point.sum(), 1.0))
    rank = int(np.linalg.matrix_rank(matrix[0, 1:, 1:], tol=1e-6, hermitian=True))
    adjusted = 1 - (1 - r_squared) * (data.n - 1) / (data.n - rank - 1)
    starts = np.concatenate([[0], np.cumsum(data.sizes)[:-1]]).astype(np.intp)
    single = np.asarray(data.sizes) == 1
    table = pd.DataFrame(
        {
            "correlation": np.where(single, matrix[0, 0, 1 + starts], np.nan),
            "importance": point,
            "importance_share": point / r_squared if r_squared > NOTHING else np.nan,
        }
    )
    fit = {"r_squared": r_squared, "r_squared_adjusted": adjusted}
    if not n_boot:
        return table, fit
    alone, beside = resampled(data, n_boot, seed)
    tail = [(1 - confidence) / 2, (1 + confidence) / 2]
    table[["importance_low", "importance_high"]] = np.quantile(alone, tail, axis=0).T
    over = beside[:, :-1] - beside[:, -1:]
    table[["over_random_low", "over_random_high"]] = np.quantile(over, tail, axis=0).T
    explained = beside.sum(axis=1)
    table["random_share"] = (beside[:, -1] / np.maximum(explained, NOTHING)).mean()
    low, high = (float(end) for end in np.quantile(alone.sum(axis=1), tail))
    return table, fit | {"r_squared_low": low, "r_squared_high": high}


def _beats(table: pd.DataFrame) -> pd.Series:
    """Return whether the interval of the difference lies above zero, if there is one."""
    low = table["over_random_low"]
    return (low > 0).astype("boolean").where(low.notna())


def _blank(names: Sequence[str], n: int) -> pd.DataFrame:
    """Return the table without figures."""
    table = pd.DataFrame({"predictor": pd.array(list(names), dtype="str"), "n": n})
    table = table.astype({"n": "int64"})
    for name in FIGURES:
        table[name] = np.full(len(names), np.nan)
    return table.assign(beats_random=pd.array([pd.NA] * len(names), dtype="boolean"))


def _check_method(method: str) -> None:
    """Raise on a method that does not exist."""
    if method not in ("auto", "lmg", "johnson"):
        raise FeedbackError(f"No method {method!r}; choose auto, lmg or johnson.")


def _method(method: str, count: int) -> str:
    """Return the method that is used for so many predictors or groups."""
    if method == "lmg":
        check_lmg(count)
    if method == "auto":
        return "lmg" if count <= MOST_FOR_LMG else "johnson"
    return method


def _complete(
    predictors: pd.DataFrame, outcome: pd.Series, names: Sequence[str]
) -> tuple[Floats, Floats, dict[str, int]]:
    """Return the rows with an answer to everything, and how many lack each answer."""
    if len(set(names)) < len(names):
        raise ColumnError(f"Each predictor needs its own name; these are {shorten_list(names)}.")
    if not predictors.index.equals(outcome.index):
        raise ColumnError(
            f"Predictors ({len(predictors)} rows) and outcome ({len(outcome)} rows) are not of the "
            "same respondents; give both the same index."
        )
    columns = [_numbers(predictors.iloc[:, i], name) for i, name in enumerate(names)]
    values = np.column_stack([*columns, np.empty((len(outcome), 0))])
    answers = _numbers(outcome, str(outcome.name))
    no_outcome, gaps = np.isnan(answers), np.isnan(values)
    aside = {f"no {outcome.name}": int(no_outcome.sum())}
    aside |= {f"no {name}": int(gaps[:, i].sum()) for i, name in enumerate(names)}
    used = ~no_outcome & ~gaps.any(axis=1)
    return values[used], answers[used], {why: n for why, n in aside.items() if n}


def _numbers(column: pd.Series, name: str) -> Floats:
    """Return a column as floats, missing ones as NaN."""
    if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)):
        raise ColumnError(
            f"Column {name!r} does not hold numbers but {column.dtype}; read the export with "
            "read_comments(ratings=…), or convert it first."
        )
    values = column.to_numpy(np.float64, na_value=np.nan)
    if np.isinf(values).any():
        raise ColumnError(f"Column {name!r} has endless numbers; set them aside.")
    return values


def _varied(values: Floats) -> NDArray[np.bool_]:
    """Return which columns are not the same everywhere."""
    if not len(values):
        return np.zeros(values.shape[1], dtype=bool)
    return np.asarray(np.ptp(values, axis=0) > 0)


def _reasons(answers: Floats, kept: Sequence[str], notes: Mapping[str, Any]) -> list[str]:
    """Return why nothing can be said, if so."""
    n, outcome = len(answers), notes["outcome"]
    aside = notes["n_incomplete"]
    besides = f" ({aside} set aside, who did not)" if aside else ""
    if not n:
        why = ", ".join(f"{why}: {count}" for why, count in notes["n_set_aside"].items())
        return [f"Nobody answered everything ({why})." if why else "There are no respondents."]
    if n == 1:
        return [f"1 respondent answered everything{besides}: there is nobody to compare with."]
    if np.ptp(answers) == 0:
        return [f"All {n} gave the same {outcome}: there is nothing to explain."]
    if not kept:
        return ["No predictor varies: none can explain anything."]
    if n < PER_COLUMN * len(kept):
        return [
            f"{counted(n, 'respondent')} answered everything{besides}; for "
            f"{counted(len(kept), 'column')} of predictors at least {PER_COLUMN * len(kept)} are "
            "needed."
        ]
    return []


def _remarks(data: Answers, kept: Sequence[str], notes: Mapping[str, Any]) -> list[str]:
    """Return what is to be known about the figures."""
    remarks = []
    for name in notes["dropped"]:
        remarks.append(f"{name} is the same for everybody and was left out.")
    between = np.abs(data.correlations(data.counts[np.newaxis])[0, 1:, 1:]) > 1 - 1e-9
    for i, j in np.argwhere(np.triu(between, 1)):
        remarks.append(f"{kept[i]} and {kept[j]} say the same: they get equal parts.")
    gaps = {why: n for why, n in notes["n_set_aside"].items() if why != f"no {notes['outcome']}"}
    if gaps and notes["n_incomplete"] > data.n:
        most = sorted(gaps, key=lambda why: -gaps[why])
        remarks.append(
            f"{notes['n_incomplete']:,} respondents left at least one thing out ("
            + shorten_list(f"{why}: {gaps[why]:,}" for why in most)
            + f"), and only the {data.n:,} who left out none are counted here. Fewer predictors "
            "would keep more of them."
        )
    wanted = 50 + 8 * len(kept)
    if data.n < wanted:
        remarks.append(
            f"{data.n} respondents are few for {counted(len(kept), 'column')} of predictors "
            f"(Green 1991: {wanted}): R² is flattered, and the order is uncertain."
        )
    return remarks
