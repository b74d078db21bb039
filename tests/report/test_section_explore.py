"""What the page holds of respondents and comments: how many, which, and nothing else."""

import json
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import REPORT_LANGUAGES, Mention
from feedback_nlp.report import build
from feedback_nlp.report.page.html import to_html
from feedback_nlp.report.sections import explore
from feedback_nlp.report.sections.explore_comments import LONGEST, drawn, masked_and_cut
from feedback_nlp.report.sections.explore_people import (
    MAX_LEVELS,
    MAX_PEOPLE,
    held_people,
    packed,
    period_unit,
)
from feedback_nlp.schema import mentions_table
from feedback_nlp.wordings import wording_in

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def unpacked(text):
    values, value, shift = [], 0, 0
    for sign in text:
        digit = DIGITS.index(sign)
        value += (digit & 31) << shift
        shift += 5
        if digit < 32:
            values.append(value)
            value = shift = 0
    return values


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    monkeypatch.setattr(build, "SECTIONS", (explore.build,))


def held(*args, **options):
    return build.build_report(*args, **options).section("explore").blocks[0]


@given(st.lists(st.integers(0, 10**9)))
def test_numbers_come_back_from_text(values):
    assert unpacked(packed(values)) == values


def test_the_page_holds_everybody_with_a_rating(tables):
    comments, mentions = tables
    data = held(*tables).data
    rated = comments[comments["nps"].notna()]
    assert data["n"] == len(rated)
    kinds = [data["kinds"][place] for place in unpacked(data["people"][0])]
    groups = Counter(["detractors", "passives", "promoters"][group] for group, _ in kinds)
    assert np.mean([worth for _, worth in kinds]) == pytest.approx(data["all"][0])
    assert groups["promoters"] == (rated["nps"] >= 9).sum()
    at = [theme for theme, _, _ in data["themes"]].index("delivery.speed")
    late = set(np.cumsum(unpacked(data["mentions"][at * 4])))
    blamed = mentions[
        (mentions["theme"] == "delivery.speed") & (mentions["polarity"] == "negative")
    ]
    assert len(late) == blamed["comment_id"].isin(rated["comment_id"]).sum()


def test_a_respondent_with_several_comments_counts_once():
    n = 40
    comments = pd.DataFrame(
        {
            "comment_id": [f"c{i}" for i in range(2 * n)],
            "respondent_id": [f"r{i // 2}" for i in range(2 * n)],
            "text": "Late",
            "nps": [3.0, 3.0, 9.0, 9.0] * (n // 2),
        }
    )
    late = Mention(theme="delivery", polarity="negative", theme_confidence=1,
                   polarity_confidence=1, start=0, end=4)  # fmt: skip
    mentions = mentions_table([(f"c{i}", "Late", late) for i in range(20)], ["delivery"])
    data = held(comments, mentions).data
    assert data["n"] == n
    assert len(unpacked(data["mentions"][0])) == 10
    assert len(data["comments"]) == 2 * n


def test_nothing_says_who_it_was(tables):
    comments, _ = tables
    page = json.dumps(held(*tables).data)
    assert '"c0' not in page
    assert '"r0' not in page
    order = unpacked(held(*tables).data["people"][0])
    contributions = np.where(comments["nps"] >= 9, 2, np.where(comments["nps"] <= 6, 0, 1))
    assert order != contributions[comments["nps"].notna()].tolist()


def test_small_levels_are_put_together():
    n = 400
    sizes = {"big": 300, "mid": 60, "small": 9, "tiny": 3, "one": 1}
    shop = [name for name, count in sizes.items() for _ in range(count)]
    shop += [f"only {i}" for i in range(n - len(shop))]
    many = [f"branch {i % 40:02d}" for i in range(n)]
    comments = pd.DataFrame(
        {"comment_id": [f"c{i}" for i in range(n)], "text": "Late", "shop": shop, "many": many}
    )
    comments["nps"] = [3.0, 9.0] * (n // 2)
    data = held(comments, mentions_table([], ["price"]), by=["shop", "many"]).data
    shops, branches = ([value for value, _ in facet["options"]] for facet in data["facets"])
    assert shops == ["big", "mid", "other"]
    assert Counter(unpacked(data["people"][2])) == {1: 300, 2: 60, 3: 40}
    assert len(branches) == MAX_LEVELS
    assert branches[-1] == "other"
    assert min(Counter(unpacked(data["people"][3])).values()) >= 10
    assert "tiny" not in json.dumps(data)
    assert "only 7" not in json.dumps(data)


def test_what_is_put_together_is_never_small_itself():
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(32)], "text": "Late"})
    comments["nps"] = [3.0, 9.0] * 16
    comments["shop"] = ["a"] * 15 + ["b"] * 14 + ["c"] * 3
    data = held(comments, mentions_table([], ["price"]), by="shop").data
    assert [value for value, _ in data["facets"][0]["options"]] == ["a", "other"]
    assert Counter(unpacked(data["people"][2])) == {1: 15, 2: 17}


def test_every_theme_and_polarity_of_both_groups_is_among_the_comments():
    rng = np.random.default_rng(0)
    n = 5_000
    kind = rng.choice(40, n, p=np.array([0.961, *[0.001] * 39]))
    group = rng.integers(0, 3, n)
    rows = drawn(np.arange(n), np.arange(n), kind, group, most=300, seed=1)
    assert len(rows) == len(set(rows)) == 300
    assert set(zip(kind[rows], group[rows], strict=True)) == set(zip(kind, group, strict=True))
    again = drawn(np.arange(n), np.arange(n), kind, group, most=300, seed=1)
    other = drawn(np.arange(n), np.arange(n), kind, group, most=300, seed=2)
    assert (rows == again).all()
    assert set(rows) != set(other)


def test_a_comment_is_masked_and_its_evidence_stays():
    text = "😀 Mail kari@example.com:\n\ttoo \u200blate 😀, very late"
    start = text.index("too")
    spans = [(start, start + 9), (text.rindex("late"), len(text))]
    shown, moved = masked_and_cut(text, spans)
    assert shown == "😀 Mail [e-mail]:  too late 😀, very late"
    units = shown.encode("utf-16-le")
    found = [units[2 * a : 2 * b].decode("utf-16-le") for a, b in moved]
    assert found == ["too late", "late"]


@given(st.text(max_size=900), st.data())
def test_cut_comments_keep_to_their_length(text, data):
    ends = st.integers(0, len(text))
    spans = [tuple(sorted((data.draw(ends), data.draw(ends)))) for _ in range(3)]
    shown, moved = masked_and_cut(text, spans)
    assert len(shown) <= LONGEST + 2
    size = len(shown.encode("utf-16-le")) // 2
    assert all((a, b) == (-1, -1) or 0 <= a < b <= size for a, b in moved)


def test_a_long_comment_is_cut_around_its_evidence():
    text = "Well. " * 200 + "The parcel came late. " + "Bye. " * 200
    start = text.index("came late")
    shown, moved = masked_and_cut(text, [(start, start + 9)])
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert shown[slice(*moved[0])] == "came late"


def test_a_big_survey_is_sampled():
    people = pd.DataFrame({"respondent_id": np.arange(MAX_PEOPLE + 5_000)})
    kept = held_people(people, 0)["respondent_id"]
    assert len(kept) == kept.nunique() == MAX_PEOPLE
    assert kept.mean() == pytest.approx(people["respondent_id"].mean(), rel=0.02)


def test_the_sentence_says_what_is_held(tables):
    assert held(*tables, max_comments=50).sentence.startswith(
        "The page holds all 354 respondents with a rating and 50 of 322 comments, drawn by chance"
    )
    assert len(held(*tables, max_comments=50).data["comments"]) == 50
    assert "and all 322 comments." in held(*tables).sentence


@pytest.mark.parametrize(
    ("days", "n", "unit"),
    [(30, 300, "week"), (30, 20, "month"), (400, 400, "month"), (400, 60, "quarter"),
     (400, 12, "year"), (3_000, 60_000, "quarter")],
)  # fmt: skip
def test_periods_are_long_enough_to_hold_some(days, n, unit):
    dates = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.linspace(0, days - 1, n), "D")
    assert period_unit(pd.Series(dates), 10) == unit
    assert period_unit(pd.Series([pd.NaT], dtype="datetime64[ns]"), 10) is None


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
def test_the_script_has_its_words_in_every_language(tables, language):
    block = held(*tables, language=language)
    texts = wording_in(language).texts
    asked = {key for key in texts if key.startswith("explore.say.")}
    said = {name.partition(".")[0] for name in block.labels}
    assert {key.removeprefix("explore.say.") for key in asked} <= said
    assert all(block.labels.values())


@pytest.mark.slow
def test_forty_thousand_comments_stay_small():
    rng = np.random.default_rng(0)
    n, themes = 40_000, [f"{top}.{sub}" for top in "abcdefghijk" for sub in "vwxyz"]
    comments = pd.DataFrame(
        {
            "comment_id": [f"c{i}" for i in range(n)],
            "text": np.resize([f"Nummer {i}, altijd te laat. " * 20 for i in range(997)], n),
            "nps": rng.integers(0, 11, n).astype(float),
            "date": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 1_500, n), "D"),
            **{
                f"segment {i}": pd.Categorical(rng.integers(0, 50, n).astype(str)) for i in range(4)
            },
        }
    )
    found = [
        (f"c{i}", comments["text"].iat[i], Mention(theme=themes[t], polarity="negative" if t % 2 else "positive", theme_confidence=1, polarity_confidence=1, start=0, end=6))
        for i, t in enumerate(rng.integers(0, len(themes), 3_000))
    ]  # fmt: skip
    few = mentions_table(found, themes)
    mentions = pd.concat(
        [few.assign(comment_id=[f"c{i}" for i in rng.integers(0, n, len(few))]) for _ in range(40)]
    )
    mentions.attrs = few.attrs
    report = build.build_report(
        comments,
        mentions.drop_duplicates(["comment_id", "theme"]),
        by=[f"segment {i}" for i in range(4)],
    )
    assert "a random sample of 30,000 of the 40,000" in report.section("explore").blocks[0].sentence
    assert len(to_html(report).encode()) < 1_400_000
