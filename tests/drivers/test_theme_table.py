"""Which themes comments are about, and with which polarity."""

import pandas as pd
import pytest
from explained import FINE, LATE, row, survey

from feedback_nlp.drivers import theme_table


def test_themes_by_polarity():
    rows = [
        row(2, LATE[0], "delivery.speed", "delivery.damage"),
        row(3, LATE[1], "delivery"),
        row(10, FINE[0], "service", "delivery", polarity="positive"),
        row(9, FINE[1], "service", "general", polarity=None),
        row(5, ""),
    ]
    comments, mentions = survey(rows)
    table = theme_table(comments, mentions, rating="nps", min_n=2).set_index("theme")
    assert list(table.index) == ["delivery", "service", "general"]
    assert table.loc["delivery", ["negative", "neutral", "positive", "unknown"]].tolist() == [
        2,
        0,
        1,
        0,
    ]
    assert table.loc["delivery", "share"] == 0.75
    assert table.loc["delivery", "net_polarity"] == pytest.approx(-1 / 3)
    assert table.loc["service", ["positive", "unknown", "net_polarity"]].tolist() == [1, 1, 1]
    assert (table.loc["service", "n_rated"], table.loc["service", "score"]) == (2, 100)
    assert pd.isna(table.loc["general", "score"])
    assert pd.isna(table.loc["general", "net_polarity"])
    assert "general" not in set(theme_table(comments, mentions, not_drivers=["general"])["theme"])
    empty = theme_table(comments, mentions.head(0), rating="nps")
    assert len(empty) == 0
    assert list(empty) == list(table.reset_index())
