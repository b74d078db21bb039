"""What detractors write of a theme: terms that mark the complaint, and with whom they compare."""

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.drivers.explain.evidence import Evidence
from feedback_nlp.drivers.explain.findings import Compared
from feedback_nlp.drivers.join import theme_matrix
from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table


def evidence(*groups, min_n=10, language="en"):
    """Evidence from (number, rating, text, evidence of delivery or "") groups."""
    rows = [(rating, text, said) for n, rating, text, said in groups for _ in range(n)]
    frame = pd.DataFrame(rows, columns=["nps", "text", "said"])
    comments = frame.drop(columns="said").assign(language=language)
    comments.insert(0, "comment_id", [f"c{i}" for i in range(len(frame))])
    mentions = [
        (f"c{i}", text, mention(rating, text.index(said), text.index(said) + len(said)))
        for i, (rating, text, said) in enumerate(rows)
        if said
    ]
    table = mentions_table(mentions, ["delivery"])
    matrix = theme_matrix(comments, table)
    return Evidence.of(comments, table, matrix, level="top", segments=[], min_n=min_n)


def mention(rating, start, end):
    return Mention(
        theme="delivery", polarity="negative" if rating < 7 else "positive", theme_confidence=0.9,
        polarity_confidence=0.9, start=start, end=end,
    )  # fmt: skip


LATE = (20, 2, "The delivery was late.", "delivery was late")
QUICK = (12, 10, "The delivery was quick.", "delivery was quick")
FRIENDLY = (60, 9, "Friendly people.", "")


def test_the_name_of_a_theme_that_promoters_write_as_often_marks_no_complaint():
    found = evidence(LATE, QUICK, FRIENDLY)
    assert list(found.marking("delivery")[0]) == ["late"]
    assert found.marking("delivery")[1] == Compared(
        n=20, of=20, n_others=72, of_others=72, n_promoters=12
    )


def test_with_too_few_mentions_of_promoters_all_other_comments_are_the_comparison():
    found = evidence(LATE, QUICK, FRIENDLY, min_n=13)
    assert list(found.marking("delivery")[0]) == ["late", "delivery"]
    assert found.marking("delivery")[1] == Compared(
        n=20, of=20, n_others=72, of_others=72, n_promoters=0
    )


def test_a_name_whose_cue_is_outside_the_evidence_marks_nothing():
    rude = (20, 2, "Your driver Mr Janssen was rude and late.", "Janssen was rude")
    assert list(evidence(rude, FRIENDLY).marking("delivery")[0]) == ["rude"]


def test_words_refused_do_not_take_the_place_of_others():
    words = "soaked broken dirty torn crushed dented leaking scratched missing"
    groups = (20, 2, words, words), FRIENDLY
    assert len(evidence(*groups).marking("delivery")[0]) == 8
    assert len(evidence(*groups).marking("delivery", stop_words=["Broken"])[0]) == 8
    assert "broken" not in evidence(*groups).marking("delivery", stop_words=["Broken"])[0]


def test_other_comments_are_those_of_the_same_language():
    groups = (20, 2, "Pakket kapot", "Pakket kapot"), (20, 2, "Pakket", ""), FRIENDLY
    found = evidence(*groups, language=["nl"] * 40 + ["en"] * 60)
    assert list(found.marking("delivery")[0]) == ["kapot"]


@pytest.mark.parametrize("theme", ["price", "delivery"])
def test_of_a_theme_that_nobody_blames_nothing_is_said(theme):
    found = evidence(QUICK, FRIENDLY, (20, 2, "Hello", ""))
    assert found.marking(theme)[0] == {}
    assert found.marking(theme)[1].n == 0
    assert found.quotes(theme, {}, n=3) == ()


def test_hostile_texts_are_read_and_stay_out_of_the_way():
    control = "\x00\x07 \u202e late \u200b"
    texts = [
        ("😡" * 50, "😡"),
        ("late " * 20_000, "late"),
        (control, "late"),
        ("<b>late</b>", "late"),
    ]
    groups = [(6, 2, text, said) for text, said in texts]
    found = evidence(*groups, FRIENDLY)
    assert set(found.marking("delivery")[0]) == {"late", "😡"}
    assert all(np.isfinite(z) and z > 0 for z in found.marking("delivery")[0].values())


def test_of_very_many_comments_a_sample_is_read_and_those_left_out_are_not_among_the_others():
    many = (20_500, 2, "The delivery was late.", "delivery was late")
    found = evidence((61, 9, "Friendly people.", ""), many)
    strengths, compared = found.marking("delivery")
    assert set(strengths) == {"late", "delivery"}
    assert (compared.n, compared.of, compared.of_others) == (2_000, 20_500, 61)
    assert 10 <= compared.n_others <= 50  # of 10,000 of 20,561, 30 are to be expected
    assert compared.is_sample
