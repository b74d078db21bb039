"""Terms of comments without a theme, and the theme whose comments they are most like."""

import numpy as np
import pandas as pd
import pytest
from small_transformers import encoder

from feedback_nlp import load_encoder, untagged_terms
from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table
from feedback_nlp.words import emerging_likeness

GIVEN = {"Cheap ticket": "price", "Slow train": "delivery.speed", "Lovely": "general"}
BARE = ["The kiosk ticket", "A broken seat"]


class Letters:
    """One number for each of some words: 1 where a comment has it."""

    words = ("ticket", "train", "lovely", "broken")

    def encode(self, texts):
        return np.array(
            [[word in text.lower() for word in self.words] for text in texts], np.float32
        )


@pytest.fixture(scope="module")
def tagged():
    texts = [text for text in (*GIVEN, *BARE) for _ in range(20)]
    ids = [str(at) for at in range(len(texts))]
    rows = [
        (at, text, Mention(
            theme=GIVEN[text], polarity=None, theme_confidence=1, polarity_confidence=None,
            start=0, end=4,
        ))
        for at, text in zip(ids, texts, strict=True) if text in GIVEN
    ]  # fmt: skip
    comments = pd.DataFrame({"comment_id": ids, "language": "en", "text": texts})
    mentions = mentions_table(rows, ["price", "delivery", "delivery.speed", "general"])
    mentions.attrs["feedback_nlp"] = {"general": ["general"]}
    return comments, mentions


def by_hand(term):
    """The cosine of the comments with a term and those of a theme, from the mean of all."""
    rows = Letters().encode([text for text in (*GIVEN, *BARE) for _ in range(20)])
    rows = rows - rows.mean(axis=0)
    mine = rows[60] if term == "kiosk" else rows[80]
    cosines = {
        theme: mine @ row / np.linalg.norm(mine) / np.linalg.norm(row)
        for theme, row in (("price", rows[0]), ("delivery", rows[20]))
    }
    return max(cosines.items(), key=lambda one: one[1])


def test_each_term_has_the_theme_it_is_most_like(tagged):
    found = untagged_terms(*tagged, encoder=Letters()).set_index("term")
    for term in ("kiosk", "broken"):
        theme, cosine = by_hand(term)
        assert found.loc[term, "nearest_theme"] == theme
        assert found.loc[term, "likeness"] == pytest.approx(cosine, abs=1e-4)
    assert found.loc["kiosk", "nearest_theme"] == "price"


def test_the_rest_of_the_table_is_the_same_without(tagged):
    plain, more = untagged_terms(*tagged), untagged_terms(*tagged, encoder=Letters())
    pd.testing.assert_frame_equal(plain, more[plain.columns])
    assert list(more.columns[len(plain.columns) :]) == ["nearest_theme", "likeness"]


def test_a_theme_of_few_comments_is_not_compared_with(tagged):
    comments, mentions = tagged
    few = mentions[(mentions["theme"] != "price") | mentions["comment_id"].isin(["0", "1"])]
    few.attrs = mentions.attrs
    kept = comments[~comments["comment_id"].isin([str(at) for at in range(2, 20)])]
    found = untagged_terms(kept, few, encoder=Letters())
    assert set(found["nearest_theme"]) == {"delivery"}


def test_some_comments_are_read_whatever_their_order(tagged, monkeypatch):
    comments, mentions = tagged
    different = comments.assign(text=[f"{text} {at}" for at, text in enumerate(comments["text"])])
    monkeypatch.setattr(emerging_likeness, "MOST_READ", 30)
    found = untagged_terms(different, mentions, encoder=Letters())
    turned = untagged_terms(different.iloc[::-1], mentions, encoder=Letters())
    pd.testing.assert_frame_equal(
        found[["term", "nearest_theme", "likeness"]], turned[["term", "nearest_theme", "likeness"]]
    )


def test_an_encoder_of_the_hugging_face_library_will_do(tagged, tmp_path):
    found = untagged_terms(*tagged, encoder=load_encoder(encoder(tmp_path / "encoder")))
    assert found["nearest_theme"].isin(["price", "delivery"]).all()
    assert found["likeness"].between(-1, 1).all()


def test_where_nothing_can_be_said_the_columns_are_there(tagged):
    comments, mentions = tagged
    empty = untagged_terms(comments, mentions, min_n=1_000, encoder=Letters())
    assert list(empty.columns[-2:]) == ["nearest_theme", "likeness"]
    assert empty.empty
