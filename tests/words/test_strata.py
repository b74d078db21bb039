"""Comparing within languages: published figures, one language as before, no language mistaken."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom
from worded import row, survey

from feedback_nlp.words import g2, keyness, log_odds, marking_terms
from feedback_nlp.words.odds import fisher_p
from feedback_nlp.words.strata import exact_p, mantel_haenszel, signed_g2


def test_admissions_by_department_as_r_gives_them():
    # R, mantelhaen.test(UCBAdmissions): 0.9046968, 95 % 0.7719074 to 1.0603298
    men, women = np.array([825, 560, 325, 417, 191, 373]), np.array([108, 25, 593, 375, 393, 341])
    admitted = [[512, 353, 120, 138, 53, 22]], [[89, 17, 202, 131, 94, 24]]
    found = mantel_haenszel(admitted[0], men, admitted[1], women)
    half = 1.959964 * np.sqrt(found.variance)
    ends = np.exp([found.delta[0], (found.delta - half)[0], (found.delta + half)[0]])
    assert ends == pytest.approx([0.9046968, 0.7719074, 1.0603298], rel=1e-6)


def test_the_exact_test_within_strata_as_r_gives_it():
    # R, mantelhaen.test(Rabbits, exact = TRUE): p 0.03994, and a common odds ratio of 7
    cured, later = np.array([[0, 3, 6, 5, 2]]), np.array([[0, 0, 2, 6, 5]])
    of, of_later = np.array([6, 6, 6, 6, 2]), np.array([5, 6, 6, 6, 5])
    assert exact_p(cured, of, later, of_later) == pytest.approx(0.03994, abs=5e-6)
    assert np.exp(mantel_haenszel(cured, of, later, of_later).delta) == pytest.approx(7)


COUNTS = st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6), st.integers(0, 6))


@given(st.lists(COUNTS, min_size=1, max_size=3))
def test_p_is_that_of_all_tables_counted_out(strata):
    # counted out with scipy's hypergeom, one stratum after another
    y, no, x, no_x = (np.array([column]) for column in zip(*strata, strict=True))
    n, m = (y + no)[0], (x + no_x)[0]
    chances = {0: 1.0}
    for i in np.flatnonzero(n + m):
        k = int(y[0, i] + x[0, i])
        one = {a: hypergeom.pmf(a, n[i] + m[i], n[i], k) for a in range(k + 1)}
        pairs = [(s + a, p * one[a]) for s, p in chances.items() for a in one]
        chances = {s: sum(p for t, p in pairs if t == s) for s, _ in pairs}
    seen = chances[int(y.sum())]
    expected = sum(p for p in chances.values() if p <= seen * (1 + 1e-7))
    assert exact_p(y, n, x, m) == pytest.approx(expected, abs=1e-9)


@given(COUNTS.filter(lambda cells: cells[0] + cells[2] and cells[0] + cells[1]), st.floats(0.1, 9))
def test_in_one_language_it_is_the_plain_table(cells, prior):
    y, no, x, no_x = cells
    n, m = y + no, x + no_x
    table = np.array([[y]]), np.array([n]), np.array([[x]]), np.array([m])
    assert exact_p(*table) == pytest.approx(fisher_p([y], n, [x], m))
    assert np.abs(signed_g2(*table)) == pytest.approx(g2([y], n, [x], m) * (y * m != x * n))
    found = mantel_haenszel(*table, prior=prior)
    if m == 0:
        assert np.isnan(found.z).all()
        return
    a, b = prior * n / (n + m), prior * m / (n + m)
    plain = log_odds([y + a], n + 2 * a, [x + b], m + 2 * b, prior=0.0)
    assert found.delta == pytest.approx(plain.delta, abs=1e-9)
    assert found.variance == pytest.approx(plain.variance)
    assert np.sign(np.round(found.delta, 9)) == np.sign(y * m - x * n)


def test_who_writes_which_language_marks_nobody():
    # half of each language's comments have the word, whoever writes; detractors write more Dutch
    dutch = survey((40, 2, "pakket"), (40, 2, "fiets"), (10, 10, "pakket"), (10, 10, "fiets"))
    english = survey((10, 2, "parcel"), (10, 2, "bike"), (40, 10, "parcel"), (40, 10, "bike"))
    both = [part.assign(language=code) for part, code in ((dutch, "nl"), (english, "en"))]
    comments = pd.concat(both, ignore_index=True)
    comments["comment_id"] = comments.index.astype(str)
    found = keyness(comments)
    assert found["log_odds"].to_numpy() == pytest.approx(np.zeros(4), abs=1e-9)
    assert (found["q_value"] > 0.9).all()
    assert row(found, "pakket").share_group > 3 * row(found, "pakket").share_reference
    low = (comments["nps"] == 2).to_numpy()
    pairs = list(zip(comments["text"], comments["language"], strict=True))
    of_low = [pair for pair, own in zip(pairs, low, strict=True) if own]
    others = [pair for pair, own in zip(pairs, low, strict=True) if not own]
    assert marking_terms(of_low, others) == []


def test_a_word_that_marks_in_every_language_is_found_from_all():
    groups = (4, 2, "app"), (4, 2, "thing"), (16, 10, "thing")
    parts = [survey(*groups, language=code) for code in ("en", "nl", "de", "fr")]
    comments = pd.concat(parts, ignore_index=True)
    comments["comment_id"] = comments.index.astype(str)
    app = row(keyness(comments), "app")
    assert (app.n_group, app.n_reference) == (16, 0)
    alone = keyness(parts[0], min_n=5, min_comments=4)
    assert app.q_value < 0.001 < row(alone, "app").q_value


def test_a_language_of_one_group_alone_tells_the_language_and_is_said():
    comments = survey((20, 2, "pakket"), (20, 2, "slow"), (20, 10, "quick"))
    comments["language"] = ["nl"] * 20 + ["en"] * 40
    found = keyness(comments)
    assert found["term"].tolist() == ["slow", "quick"]
    said = " ".join(found.attrs["keyness"]["notes"])
    assert "1 terms are left out: they are only in languages that one of the two" in said
    comments["language"] = ["nl"] * 40 + ["en"] * 20
    assert keyness(comments).empty


@pytest.mark.parametrize("language", [None, "xx", "unknown", np.nan])
def test_comments_of_unknown_language_are_compared_with_each_other(language):
    comments = survey((20, 2, "slow"), (20, 10, "quick"), language=language)
    assert keyness(comments)["term"].tolist() == ["slow", "quick"]
    without = keyness(comments.drop(columns="language"))
    assert without.equals(keyness(comments))
