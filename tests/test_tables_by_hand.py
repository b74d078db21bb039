"""Tables that were made by hand, with columns of other types than the reader makes."""

import pandas as pd
import pytest

from feedback_nlp.errors import ColumnError, TaxonomyError
from feedback_nlp.schema import check_comments
from feedback_nlp.tagging import load_tagger
from feedback_nlp.taxonomy import load_taxonomy
from feedback_nlp.words import term_table

TABLE = pd.DataFrame({"comment_id": [1, 2], "text": ["Too expensive", "Slow delivery"]})


def test_ids_that_are_numbers_belong_together():
    tagged = load_tagger("rules").tag_frame(TABLE)
    assert len(tagged.mentions)
    assert set(tagged.mentions["comment_id"]) <= set(tagged.comments["comment_id"])


def test_categorical_texts_with_blanks():
    table = TABLE.assign(text=pd.Categorical(["Too expensive", None]))
    assert term_table(table)["term"].tolist() == ["expensive"]
    assert load_tagger("rules").tag_frame(table).comments["status"].tolist() == ["ok", "blank"]


def test_columns_doubled():
    with pytest.raises(ColumnError, match=r"two columns 'text'"):
        check_comments(pd.concat([TABLE, TABLE[["text"]]], axis="columns"))


def test_dates_that_are_text():
    with pytest.raises(ColumnError, match=r"'date' does not hold dates.*to_datetime"):
        check_comments(TABLE.assign(date="2024-05-06"))


def test_words_of_a_theme_need_a_mentions_table():
    with pytest.raises(ColumnError, match=r"No column 'comment_id'"):
        term_table(TABLE, pd.DataFrame(), theme="price")


@pytest.mark.parametrize("text", ["a=" + "[" * 5000 + "]" * 5000, "a=" + "9" * 5000])
def test_taxonomies_beyond_what_can_be_parsed(tmp_path, text):
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(TaxonomyError, match=r"a.toml is not a TOML file"):
        load_taxonomy(tmp_path / "a.toml")
