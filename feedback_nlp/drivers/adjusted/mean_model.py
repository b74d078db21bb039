"""A logistic model of the mean contribution, and what becomes of the mean without one column.

The contribution, moved to 0–1, is the response of a logistic regression (Papke and Wooldridge 1996,
fractional logit), with a weak normal prior on all coefficients but the first. It models the mean
alone, so one model serves a net score, a share and a mean: nothing is assumed of the answers
between. Rows are patterns of respondents, counted.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_STEPS = 100
_SMALL = 1e-9
_HIGHEST_LEVERAGE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanModel:
    """A fitted model.

    Attributes:
        columns: Patterns × columns, the first of them ones.
        y: Contribution of each pattern, 0–1.
        counts: Respondents of each pattern.
        linear: Log-odds of the fitted mean of each pattern.
        coefficients: One for each column.
        inverse: Inverse of the penalised information, columns × columns.
    """

    columns: Floats
    y: Floats
    counts: Floats
    linear: Floats
    coefficients: Floats
    inverse: Floats

    @classmethod
    def fit(cls, columns: Floats, y: Floats, counts: Floats, *, penalty: float) -> Self:
        """Fit by Newton's method, halving steps that do not help.

        Args:
            columns: Patterns × columns; the first is ones and not penalised.
            y: Contributions, 0–1, with a mean between.
            counts: Respondents of each pattern.
            penalty: Twice the weight of the squared coefficients in the log-likelihood: 1 ÷ the
                variance of their normal prior. Above 0.
        """
        weights = np.full(columns.shape[1], penalty)
        weights[0] = 0.0
        mean = float(counts @ y / counts.sum())
        found = np.zeros(columns.shape[1])
        found[0] = np.log(mean / (1 - mean))
        linear = columns @ found
        value = _likelihood(linear, y, counts, weights, found)
        for _ in range(_STEPS):
            fitted = _logistic(linear)
            slope = columns.T @ (counts * (y - fitted)) - weights * found
            step = np.linalg.solve(_information(columns, fitted, counts, weights), slope)
            if slope @ step < _SMALL:
                break
            while True:
                tried = columns @ (found + step)
                new = _likelihood(tried, y, counts, weights, found + step)
                if new >= value or np.abs(step).max() < _SMALL:
                    break
                step /= 2
            found, linear, value = found + step, tried, new
        information = _information(columns, _logistic(linear), counts, weights)
        inverse = np.linalg.inv(information).astype(np.float64, copy=False)
        return cls(
            columns=columns, y=y, counts=counts, linear=linear, coefficients=found, inverse=inverse
        )

    def without(self, column: int) -> float:
        """Return the mean if those with this column had been without it, minus the mean, 0–1.

        Those without it stay as they are; those with it are what the model expects of respondents
        who are alike in all other columns.
        """
        has = self.columns[:, column] > 0
        expected = _logistic(self.linear[has] - self.coefficients[column])
        return float(self.counts[has] @ (expected - self.y[has]) / self.counts.sum())

    def influence(self, chosen: NDArray[np.intp]) -> Floats:
        """Return what one more respondent of each pattern would move ``without`` by, times n.

        This is the derivative by the pattern's weight (the infinitesimal jackknife), through the
        coefficients too. Residuals are divided by √(1 − leverage), as in the HC2 variance
        (MacKinnon and White 1985), since the fit follows the few who have much weight in it; a
        leverage counts as 0.9 at most.

        Args:
            chosen: Columns that are taken away, one at a time.

        Returns:
            Patterns × chosen columns.
        """
        fitted = _logistic(self.linear)
        score = self.columns @ self.inverse
        leverage = fitted * (1 - fitted) * np.einsum("ij,ij->i", score, self.columns)
        kept = np.sqrt(1 - np.minimum(leverage, _HIGHEST_LEVERAGE))
        residual = (self.y - fitted) / kept
        slopes = np.empty((self.columns.shape[1], chosen.size))
        out = np.zeros((self.y.size, chosen.size))
        for place, column in enumerate(chosen):
            has = self.columns[:, column] > 0
            expected = _logistic(self.linear[has] - self.coefficients[column])
            slope = (self.counts[has] * expected * (1 - expected)) @ self.columns[has]
            slope[column] = 0.0
            slopes[:, place] = slope
            out[has, place] = expected - fitted[has] - residual[has]
        out += residual[:, np.newaxis] * (score @ slopes)
        centre: Floats = self.counts @ out / self.counts.sum()
        return out - centre


def _logistic(linear: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(linear / 2)))


def _information(columns: Floats, fitted: Floats, counts: Floats, weights: Floats) -> Floats:
    variance = counts * fitted * (1 - fitted)
    information: Floats = (columns * variance[:, np.newaxis]).T @ columns
    information[np.diag_indices_from(information)] += weights
    return information


def _likelihood(
    linear: Floats, y: Floats, counts: Floats, weights: Floats, coefficients: Floats
) -> float:
    """Return the penalised quasi-log-likelihood."""
    fit = counts @ (y * linear - np.logaddexp(0, linear))
    return float(fit - weights @ coefficients**2 / 2)
