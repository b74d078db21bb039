"""What the score would be, by a model, if nobody had blamed a theme and all else were the same."""

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.adjusted.controls import Controls, control_columns
from feedback_nlp.drivers.adjusted.mean_model import MeanModel
from feedback_nlp.drivers.join import ThemeMatrix
from feedback_nlp.drivers.settings import check_settings
from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.quantiles import quantile

Floats = NDArray[np.float64]
PENALTY = 0.16
FEWEST = 5
COLUMNS = ("adjusted_gain", "adjusted_gain_low", "adjusted_gain_high", "adjusted_p")
NOT_A_REMEDY = (
    "It is an association, not what a remedy would win: complaints that nobody wrote down are not "
    "in it, mentions that were tagged wrongly make it smaller or put it under another theme, and "
    "respondents in a bad mood may both score low and complain of everything."
)
_CELLS = 4_000_000
_ALIKE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Design:
    """The columns of the model, without the first of ones.

    Attributes:
        columns: Respondents × columns.
        names: Of the columns.
        place: Column of each theme's negative mentions, where it can be estimated.
        left_out: Why it cannot, for the other themes.
    """

    columns: NDArray[np.bool_]
    names: list[str]
    place: dict[str, int]
    left_out: dict[str, str]


def adjusted_gains(
    matrix: ThemeMatrix,
    *,
    controls: pd.DataFrame | None = None,
    n_boot: int,
    seed: int,
    confidence: float,
    penalty: float = PENALTY,
) -> pd.DataFrame:
    """Return what the score would gain, by a model, if nobody had blamed a theme.

    The mean contribution is modelled by all themes' negative and positive mentions at once, by who
    left words at all, and by the controls. Those who blame a theme are then given what the model
    expects of respondents who are alike in everything else; the gain is the mean of that minus the
    score (standardisation, also called g-computation: Robins 1986). It is an association.

    Args:
        matrix: Who mentions what, with the ratings.
        controls: Segments to hold fixed, one row for each respondent with a rating, indexed by
            ``respondent_id``. Every value is a category, missing is one too, and those of fewer
            than 10 respondents are one together.
        n_boot: Bootstrap draws of respondents, 20 or more (percentiles of fewer say nothing); 0
            for no intervals and p-values.
        seed: Of the bootstrap.
        confidence: Level of the intervals, 0–1.
        penalty: 1 ÷ the variance of the normal prior of the log-odds of each column of 0 and 1,
            above 0; 0.16 is a standard deviation of 2.5. The larger, the less is adjusted.

    Returns:
        One row for each theme, the index: ``adjusted_gain`` (in the unit of the score),
        ``adjusted_gain_low``, ``adjusted_gain_high`` and ``adjusted_p`` (two-sided, of no gain, by
        Student's t; not corrected for the number of themes). Themes that fewer than 5 blame, or
        fewer than 5 do not, or that cannot be told apart from other columns, have none.
        ``attrs["model"]`` says what the model is made of, which themes have no figure
        (``left_out``) and why; its ``notes`` say which controls are held fixed, and which are not
        and why.

    Raises:
        FeedbackError: ``n_boot`` is neither 0 nor 20 or more, the seed negative, the confidence not
            between 0 and 1, the penalty not above 0, or the controls are not of these respondents.

    Example:
        >>> from feedback_nlp.drivers import theme_matrix
        >>> from feedback_nlp.records import Mention
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": [*map(str, range(400))]})
        >>> comments["text"], comments["nps"] = ["Late", "Fine"] * 200, [3, 9, 8, 8] * 100
        >>> late = Mention(theme="delivery", polarity="negative", theme_confidence=1,
        ...                polarity_confidence=1, start=0, end=4)
        >>> rows = [(str(number), "Late", late) for number in range(0, 400, 2)]
        >>> matrix = theme_matrix(comments, mentions_table(rows, ["delivery"]))
        >>> gains = adjusted_gains(matrix, n_boot=0, seed=0, confidence=0.95)
        >>> round(gains.loc["delivery", "adjusted_gain"])  # others score 50, all 0
        50
    """
    check_settings(n_boot=n_boot, seed=seed, confidence=confidence)
    _check_penalty(penalty)
    held = control_columns(controls, matrix.people.index)
    design = _design(matrix, held)
    low, high = matrix.definition.minimum, matrix.definition.maximum
    table = pd.DataFrame(
        np.nan, index=pd.Index(matrix.themes, name="theme", dtype="str"), columns=list(COLUMNS)
    )
    y, often = (matrix.people["x"].to_numpy(np.float64) - low) / (high - low), matrix.often
    if y.size == 0 or np.ptp(y) < _ALIKE:
        why = "all respondents gave the same rating" if y.size else "no respondent gave a rating"
        design.left_out.update(dict.fromkeys(matrix.themes, why))
        design.place.clear()
    elif design.place:
        model = MeanModel.fit(*_patterns(design.columns, y, often), penalty=penalty)
        places = np.array([design.place[theme] + 1 for theme in design.place])
        gains = np.array([model.without(column) for column in places]) * (high - low)
        table.loc[list(design.place), "adjusted_gain"] = gains
        if n_boot:
            draws = _draws(model, places, n_boot=n_boot, seed=seed) * (high - low)
            fewer = _fewer(design.columns[:, places - 1], often)
            ends = _ends(gains, draws, fewer, confidence)
            table.loc[list(design.place), list(COLUMNS[1:])] = ends
    table.attrs["model"] = _notes(design, held, matrix.n, penalty) | {
        "n_boot": n_boot, "seed": seed, "confidence": confidence,
    }  # fmt: skip
    return table


def _check_penalty(penalty: float) -> None:
    if not isinstance(penalty, Real) or not 0 < penalty < np.inf:
        raise FeedbackError(
            f"The penalty is {penalty!r}; give a number above 0, such as {PENALTY}."
        )


def _design(matrix: ThemeMatrix, controls: Controls) -> _Design:
    """Return the columns of the model: rare themes of a polarity are one together."""
    parts: list[NDArray[np.bool_]] = []
    names: list[str] = []
    place: dict[str, int] = {}
    left_out: dict[str, str] = {}
    n = matrix.n
    for polarity, frame in (("negative", matrix.negative), ("positive", matrix.positive)):
        grid = frame.to_numpy(dtype=bool)
        counts = matrix.count(grid)
        kept = counts >= FEWEST
        parts += [grid[:, kept], grid[:, ~kept].any(axis=1).reshape(-1, 1)]
        for theme, count in zip(matrix.themes, counts.tolist(), strict=True):
            if polarity == "negative" and FEWEST <= count <= n - FEWEST:
                place[theme] = len(names)
            elif polarity == "negative":
                who = "blame it" if count < FEWEST else "do not blame it"
                left_out[theme] = f"fewer than {FEWEST} respondents {who}"
            if count >= FEWEST:
                names.append(f"{theme} {polarity}")
        names.append(f"rare themes {polarity}")
    parts += [matrix.people["spoke"].to_numpy(dtype=bool)[:, np.newaxis], controls.columns]
    columns, names = np.hstack(parts), [*names, "left words", *controls.names]
    varies = np.asarray(columns.any(axis=0) & ~columns.all(axis=0))
    moved = np.cumsum(varies) - 1
    names = [name for name, does in zip(names, varies.tolist(), strict=True) if does]
    place = {theme: int(moved[column]) for theme, column in place.items()}
    return _told_apart(columns[:, varies], names, place, left_out)


def _told_apart(
    columns: NDArray[np.bool_], names: list[str], place: dict[str, int], left_out: dict[str, str]
) -> _Design:
    """Return the design with the themes left out that other columns determine."""
    kept = {}
    bound = _determined(columns) if place else np.zeros(0, dtype=bool)
    for theme, column in place.items():
        if not bound[column]:
            kept[theme] = column
            continue
        same = (columns == columns[:, [column]]).all(axis=0)
        twins = [name for i, name in enumerate(names) if same[i] and i != column]
        left_out[theme] = (
            f"the same respondents as: {', '.join(twins)}" if twins
            else "who blames it follows from the other columns of the model"
        )  # fmt: skip
    return _Design(columns=columns, names=names, place=kept, left_out=left_out)


def _determined(columns: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which columns are sums and differences of others."""
    centred = columns - columns.mean(axis=0)
    centred /= np.sqrt((centred**2).sum(axis=0))
    values, vectors = np.linalg.eigh(centred.T @ centred)
    return np.asarray((np.abs(vectors[:, values < 1e-9]) > 1e-5).any(axis=1))


def _patterns(
    columns: NDArray[np.bool_], y: Floats, often: NDArray[np.int64]
) -> tuple[Floats, Floats, Floats]:
    """Return the columns after one of ones, the contribution and the number of each pattern."""
    codes, answers = pd.factorize(y, sort=True)
    bits = np.packbits(columns, axis=1)
    rows = np.column_stack([bits, codes.astype(np.int32).view(np.uint8).reshape(y.size, 4)])
    keys = np.ascontiguousarray(rows).view(f"V{rows.shape[1]}").ravel()
    _, first, pattern = np.unique(keys, return_index=True, return_inverse=True)
    counts = np.bincount(pattern, often, minlength=first.size).astype(np.float64)
    chosen = np.ones((first.size, columns.shape[1] + 1))
    chosen[:, 1:] = columns[first]
    return chosen, np.asarray(answers)[codes[first]], counts


def _draws(model: MeanModel, places: NDArray[np.intp], *, n_boot: int, seed: int) -> Floats:
    """Return how far each draw of respondents moves each gain: one step from the fitted model."""
    influence = model.influence(places)
    n = int(model.counts.sum())
    rng = np.random.default_rng(seed)
    step = max(1, _CELLS // model.counts.size)
    moved = [
        rng.multinomial(n, model.counts / n, size=min(step, n_boot - start)) @ influence / n
        for start in range(0, n_boot, step)
    ]
    return np.concatenate(moved)


def _fewer(columns: NDArray[np.bool_], often: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many respondents are on the smaller side of each column."""
    having = often @ columns.astype(np.int64)
    return np.asarray(np.minimum(having, often.sum() - having))


def _ends(gains: Floats, draws: Floats, fewer: NDArray[np.int64], confidence: float) -> Floats:
    """Return lower end, upper end and p-value of each gain, by Student's t with ``fewer`` − 1.

    The draws are spread by the ratio of the t to the normal quantile: what is blamed by few is
    known from few.
    """
    from scipy.special import stdtr, stdtrit

    tail = (1 - confidence) / 2
    out = np.full((gains.size, 3), np.nan)
    spread = draws.std(axis=0, ddof=1)
    for i in np.flatnonzero(spread > _ALIKE):
        wider = stdtrit(fewer[i] - 1, 1 - tail) / quantile(confidence)
        out[i, :2] = gains[i] + wider * np.quantile(draws[:, i], [tail, 1 - tail])
        out[i, 2] = 2 * stdtr(fewer[i] - 1, -abs(gains[i]) / spread[i])
    return out


def _notes(design: _Design, controls: Controls, n: int, penalty: float) -> dict[str, object]:
    return {
        "kind": "logistic model of the mean contribution between the lowest and the highest "
        "possible one (fractional logit), ridge, standardised over respondents",
        "penalty": penalty,
        "penalty_on": "squared coefficients of columns of 0 and 1; not the first",
        "n": n,
        "columns": design.names,
        "controls": controls.notes,
        "controls_left_out": controls.left_out,
        "notes": controls.sentences(),
        "left_out": design.left_out,
        "interval": "percentiles of a one-step bootstrap by respondent, widened to Student's t",
        "p": "two-sided, Student's t of the gain over the spread of the draws",
        "not": NOT_A_REMEDY,
    }
