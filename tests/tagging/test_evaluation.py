"""How often a tagger is right: figures against counts by hand and against scikit-learn's formulas."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp import load_tagger
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table
from feedback_nlp.tagging import Tagging
from feedback_nlp.tagging.evaluation import (
    dummy_tagging,
    evaluate,
    evaluate_tagging,
    evaluate_with_baselines,
)

TEXT = "the queue was long and the soup was cold"
THEMES = ["price", "service", "service.waiting_time", "service.friendliness", "general"]


def tagging(rows, **columns):
    """Tables from {comment id: [(theme, polarity, start, end[, confidence])]}."""
    comments = pd.DataFrame({"comment_id": list(rows), "text": TEXT, **columns})
    mentions = []
    for comment, found in rows.items():
        for theme, polarity, start, end, *sure in found:
            mention = Mention(
                theme=theme, polarity=polarity, theme_confidence=sure[0] if sure else 0.9,
                polarity_confidence=None if polarity is None else 0.9, start=start, end=end,
            )  # fmt: skip
            mentions.append((comment, TEXT, mention))
    return Tagging(comments, mentions_table(mentions, THEMES))


GOLD = tagging(
    {
        "a": [("service.waiting_time", "negative", 0, 18), ("price", "positive", 23, 40)],
        "b": [("service", "positive", 0, 40)],
        "c": [("price", "negative", 0, 9), ("price", "positive", 10, 20)],
        "d": [],
    },
    status=["ok", "ok", "ok", "uninformative"],
    sentiment=["mixed", "positive", "mixed", None],
    language=["en", "en", "nl", "nl"],
)
FOUND = tagging(
    {
        "a": [("service.waiting_time", "negative", 0, 9)],
        "b": [("service.friendliness", "negative", 0, 20)],
        "c": [("price", "negative", 0, 9)],
        "d": [("price", None, 0, 10)],
    },
    status=["ok", "ok", "ok", "ok"],
    sentiment=["negative", "positive", "mixed", "negative"],
)


@pytest.fixture(scope="module")
def found():
    return evaluate_tagging(FOUND, GOLD, draws=50)


def test_themes_are_counted_by_comment(found):
    # labelled: a service price, b service, c price; found: a service, b service, c price, d price
    assert found.value("theme_precision") == pytest.approx(3 / 4)
    assert found.value("theme_recall") == pytest.approx(3 / 4)
    assert found.value("theme_f1") == pytest.approx(3 / 4)
    # service: F1 1; price: one hit, one extra, one miss: 1/2
    assert found.value("theme_f1_macro") == pytest.approx((1 + 1 / 2) / 2)
    assert found.value("theme_f1", split="theme", group="price") == pytest.approx(1 / 2)


def test_polarity_is_counted_where_one_is_labelled_and_the_theme_is_found(found):
    assert found.value("polarity_right") == pytest.approx(1 / 2)  # a right, b wrong, c has two
    assert found.value("polarity_unknown") == 0


def test_joint_figures_count_theme_and_polarity_together(found):
    # labelled: a 2, b 1, c 2; found: a 1 right, b 1 wrong, c 1 right, d one without polarity
    assert found.value("joint_f1") == pytest.approx(2 * 2 / (5 + 4))


def test_evidence_is_counted_in_characters(found):
    both = 9 + 20 + 9
    labelled, said = 18 + 17 + 40 + 19, 9 + 20 + 9 + 10
    assert found.value("span_f1") == pytest.approx(2 * both / (labelled + said))


def test_a_subtheme_under_a_labelled_top_theme_is_neither_right_nor_wrong(found):
    assert found.value("theme_precision", level="sub") == 1
    assert found.value("theme_recall", level="sub") == 1


def test_sentiment_and_status(found):
    # mixed: one hit, one missed; positive: a hit; negative is never labelled
    assert found.value("sentiment_f1_macro") == pytest.approx((2 / 3 + 1) / 2)
    assert found.value("status_right") == pytest.approx(3 / 4)
    assert found.value("status_right", split="language", group="nl") == pytest.approx(1 / 2)


def test_confidence_is_held_against_rightness(found):
    assert found.value("calibration_error") == pytest.approx(0.9 - 3 / 4)
    assert found.value("coverage_at_80") == 1
    assert found.value("precision_at_80") == pytest.approx(3 / 4)


def test_themes_that_no_label_names_are_left_out_and_said():
    gold = tagging({"a": [("price", "negative", 0, 9)], "b": []})
    said = tagging(
        {"a": [("price", "negative", 0, 9)], "b": [("general", "positive", 0, 9)]}, status="ok"
    )
    found = evaluate_tagging(said, gold, draws=5)
    assert found.value("theme_precision") == 1
    assert found.notes == ("Themes that no label names are left out: general.",)


labels = st.lists(
    st.lists(
        st.sampled_from(
            [
                ("price", "negative"),
                ("price", "positive"),
                ("service", "negative"),
                ("general", "neutral"),
            ]
        ),
        max_size=3,
        unique=True,
    ),
    min_size=2,
    max_size=8,
).filter(any)


@given(labels)
def test_what_is_labelled_is_right(rows):
    gold = tagging(
        {str(i): [(t, p, 0, 9) for t, p in row] for i, row in enumerate(rows)}, status="ok"
    )
    found = evaluate_tagging(gold, gold, draws=10)
    themes = found.figures[found.figures["measure"].isin(["theme_f1", "joint_f1", "span_f1"])]
    assert (themes["value"].dropna() == 1).all()


@given(labels, labels)
def test_intervals_hold_their_figures(first, second):
    rows = max(first, second, key=len)
    pad = [*min(first, second, key=len), *([[]] * len(rows))][: len(rows)]
    gold, said = (
        tagging({str(i): [(t, p, 0, 9) for t, p in row] for i, row in enumerate(part)}, status="ok")
        for part in (rows, pad)
    )
    table = evaluate_tagging(said, gold, draws=20).figures.dropna(subset=["low", "high"])
    assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()
    assert table[["low", "high"]].stack().between(0, 1).all()


def test_the_interval_is_that_of_resampled_comments():
    rng = np.random.default_rng(1)
    rows = {str(i): [("price", "negative", 0, 9)] for i in range(200)}
    said = {i: row if rng.random() < 0.5 else [] for i, row in rows.items()}
    found = evaluate_tagging(tagging(said, status="ok"), tagging(rows), draws=2000)
    row = found.figures.set_index(["split", "level", "measure"]).loc[("all", "top", "theme_recall")]
    share = row["value"].item()
    half = 1.96 * np.sqrt(share * (1 - share) / 200)
    assert row["low"].item() == pytest.approx(share - half, abs=0.01)
    assert row["high"].item() == pytest.approx(share + half, abs=0.01)


def test_the_dummy_has_learnt_nothing(found):
    dummy = evaluate_tagging(dummy_tagging(GOLD), GOLD, draws=5, name="dummy")
    assert dummy.value("theme_recall") < found.value("theme_recall")
    assert dummy.value("theme_f1", split="theme", group="service") == 0
    assert dummy.value("status_right") == pytest.approx(3 / 4)


def test_the_dummy_of_labels_without_polarity_has_none():
    gold = tagging({"a": [("price", None, 0, 9)], "b": [("price", None, 0, 9)]})
    assert dummy_tagging(gold).mentions["polarity"].isna().all()
    assert evaluate_tagging(dummy_tagging(gold), gold, draws=5).value("theme_f1") == 1


def test_a_tagger_is_evaluated_without_seeing_labels():
    texts = ["Far too expensive", "The waiter was very rude", "Nothing"]
    comments = pd.DataFrame({"comment_id": ["a", "b", "c"], "text": texts})
    gold = load_tagger().tag_frame(comments)
    found = evaluate(load_tagger(), gold, draws=10)
    assert found.value("theme_f1") == 1
    assert found.name == "compact"


def test_it_shows_itself_and_survives_json(found):
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["n_comments"] == 4
    assert "## By language" in found.to_markdown()
    assert "<table>" in found._repr_html_()
    assert str(found) == found.to_markdown()


def test_others_stand_beside_it(found):
    dummy = evaluate_tagging(dummy_tagging(GOLD), GOLD, draws=20, name="dummy")
    both = found.beside(dummy)
    part = next(part for part in both.parts() if part.title == "Beside others")
    assert part.heads == ("", found.name, "dummy")
    of_theme = next(row for row in part.rows if row[0] == "theme F1")
    assert of_theme[2].startswith(f"{dummy.value('theme_f1'):.3f} (")
    table = both.to_frame()
    assert table["tagger"].unique().tolist() == [found.name, "dummy"]
    assert len(table) == len(found.figures) + len(dummy.figures)
    assert found.others == ()


def test_the_rules_stand_beside_every_other_tagger():
    mine = replace(load_tagger("rules"), name="mine")
    found = evaluate_with_baselines(mine, GOLD, draws=5)
    assert [one.name for one in (found, *found.others)] == ["mine", "rules", "dummy"]
    assert found.others[0].figures.equals(found.figures)  # mine is the rules under another name


def test_what_is_no_label_or_figure_is_refused(found):
    with pytest.raises(FeedbackError, match="theme_f2"):
        found.value("theme_f2")
    with pytest.raises(ColumnError, match="no labelled comments"):
        evaluate_tagging(FOUND, Tagging(GOLD.comments.iloc[:0], GOLD.mentions.iloc[:0]))
