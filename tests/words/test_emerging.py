"""Words that rise over time, and words of comments without a theme."""

import numpy as np
import pandas as pd
import pytest
from dated import dated, filled, mentions_of, with_word, word
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact

from feedback_nlp import emerging_words, keyness, untagged_terms
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.records import REPORT_LANGUAGES
from feedback_nlp.words import emerging_sentences, untagged_sentences

N = 800  # 80 days; the last 14 are recent: 20 days, in whole weeks
RECENT = range(660, 800)


def survey(places=range(660, 800, 10), term="kiosk", n=N, **columns):
    return dated(with_word(filled(n), term, places), **columns)


def notes_of(table):
    return table.attrs["emerging"]


# --- what rises


def test_a_new_word_is_found_and_told_as_new():
    table = emerging_words(survey())
    found = table.iloc[0]
    assert (found["term"], found["n_recent"], found["n_before"]) == ("kiosk", 14, 0)
    assert found["is_new"]
    assert str(found["first_seen"])[:10] == "2025-03-13"
    assert found["q_value"] <= 0.05
    assert found["share_recent"] == pytest.approx(14 / 140)
    assert notes_of(table)["n_found_new"] == 1
    assert "kiosk" in notes_of(table)["sentence"]


def test_the_last_quarter_in_whole_weeks_is_recent():
    notes = notes_of(emerging_words(survey()))
    assert notes["windows"] == {
        "before": ("2025-01-06", "2025-03-12"), "recent": ("2025-03-13", "2025-03-26")
    }  # fmt: skip
    assert (notes["rule"], notes["n_recent"], notes["n_before"]) == ("last_part", 140, 660)


def test_a_thin_end_makes_the_recent_window_longer():
    days = [*np.arange(160) // 4, 41, 42, 44, 50]
    notes = notes_of(emerging_words(dated(filled(164), days)))
    assert notes["rule"] == "last_comments"
    assert notes["n_recent"] >= 10
    assert notes["windows"]["recent"][0] == "2025-02-13"


def test_a_word_that_everybody_always_wrote_does_not_rise():
    table = emerging_words(survey(range(N)))
    assert "kiosk" not in set(table["term"])


def test_only_what_rises_is_in_the_table_and_q_counts_what_falls_too():
    table = emerging_words(survey(range(0, 600, 7)))
    assert (table["log_odds"] > 0).all()
    assert notes_of(table)["n_tested"] > len(table)


def test_figures_are_those_of_keyness_where_nothing_comes_and_goes():
    comments = survey([*RECENT[::10], *range(0, 600, 60)])
    recent = (np.arange(N) >= 660).tolist()
    own = word(emerging_words(comments), "kiosk")
    same = word(keyness(comments, group=recent, reference="rest"), "kiosk")
    assert own["log_odds"] == pytest.approx(same["log_odds"])
    assert (own["n_recent"], own["n_before"]) == (same["n_group"], same["n_reference"])
    assert own["spread"] >= 1
    wide = np.sqrt(own["spread"])
    assert own["high"] - own["low"] == pytest.approx((same["high"] - same["low"]) * wide)
    exact = fisher_exact([[14, 126], [10, 650]]).pvalue
    assert own["p_value"] >= exact * (1 - 1e-9)


def test_the_spread_is_that_of_a_table_of_stretches():
    """One word is tested, ten comments a day: Pearson's chi-squared of each window, from scipy."""
    rng = np.random.default_rng(5)
    has = rng.random(600) < np.repeat(rng.choice([0.05, 0.5], 60), 10)
    texts = [f"kiosk x{n}y" if own else f"z{n}y" for n, own in enumerate(has)]
    table = emerging_words(dated(texts), after="2025-02-05..2025-03-06")
    both = []
    for days in (has.reshape(60, 10)[:30], has.reshape(60, 10)[30:]):
        n = days.sum(axis=1)
        both.append(chi2_contingency(np.array([n, 10 - n]), correction=False))
    expected = sum(one.statistic for one in both) / sum(one.dof for one in both)
    falls = emerging_words(
        dated(texts), after="2025-01-06..2025-02-04", before="2025-02-05..2025-03-06"
    )
    found = pd.concat([table, falls])
    assert expected > 2
    assert found["spread"].tolist() == pytest.approx([expected])


def test_an_outage_of_a_day_is_no_rise():
    burst = emerging_words(survey([*range(700, 710), *range(750, 754)], n=N))
    spread_out = emerging_words(survey(range(660, 800, 10)))
    assert word(burst, "kiosk")["n_recent"] == word(spread_out, "kiosk")["n_recent"] == 14
    assert word(burst, "kiosk")["q_value"] > 0.05 >= word(spread_out, "kiosk")["q_value"]
    assert word(burst, "kiosk")["low"] < word(spread_out, "kiosk")["low"]


@pytest.mark.parametrize("bursts", [False, True])
def test_without_change_few_tables_show_a_word(bursts):
    rng, shown, tables = np.random.default_rng(11), 0, 40
    for seed in range(tables):
        texts = filled(400, seed)
        if bursts:
            for day in rng.choice(40, 6, replace=False):
                incident, own = f"incident{day}", rng.choice(10, 5, replace=False)
                texts = with_word(texts, incident, [day * 10 + place for place in own])
        shown += notes_of(emerging_words(dated(texts)))["n_found"] > 0
    assert shown <= 0.05 * tables + 2


def test_more_comments_in_a_language_make_none_of_its_words_emerge():
    rng = np.random.default_rng(3)
    dutch = rng.random(N) < np.where(np.arange(N) < 660, 0.1, 0.6)
    texts = [
        f"{text} {'winkel' if own else 'shop'}" for text, own in zip(filled(N), dutch, strict=True)
    ]
    table = emerging_words(dated(texts, language=np.where(dutch, "nl", "en")))
    assert notes_of(table)["n_found"] == 0
    assert set(notes_of(table)["languages"]) == {"nl", "en"}
    late = dutch & (np.arange(N) >= 660)
    texts = with_word(texts, "fiets", np.flatnonzero(late))
    apart = emerging_words(dated(texts, language=np.where(late, "nl", "en")))
    assert "fiets" not in set(apart["term"])
    assert notes_of(apart)["n_terms_apart"] > 0


# --- which days


def test_windows_can_be_given_both_or_one():
    comments = survey()
    both = notes_of(emerging_words(comments, before="2025-01", after="2025-03"))
    assert both["windows"]["recent"] == ("2025-03-01", "2025-03-31")
    assert both["n_outside"] == 280
    later = notes_of(emerging_words(comments, before="2025-01"))
    assert later["windows"]["recent"] == ("2025-02-01", "2025-03-26")
    earlier = notes_of(emerging_words(comments, after="2025-03"))
    assert earlier["windows"]["before"] == ("2025-01-06", "2025-02-28")
    assert notes_of(emerging_words(comments, window=30))["n_recent"] == 300


def test_windows_turned_round_give_what_has_gone():
    table = emerging_words(survey(range(0, 200, 5)), before="2025-02..2025-03", after="2025-01")
    assert table.iloc[0]["term"] == "kiosk"
    assert any("gone" in note for note in notes_of(table)["notes"])


@pytest.mark.parametrize(
    ("days", "told"), [(80, True), (800, False)]
)  # fmt: skip
def test_what_returns_every_year_is_warned_of_unless_a_year_ago_is_looked_at(days, told):
    comments = dated(filled(800), np.arange(800) * days // 800)
    assert any("every year" in note for note in notes_of(emerging_words(comments))["notes"]) == told


def test_new_means_nowhere_before_not_only_outside_the_windows():
    comments = survey([5, *range(660, 800, 10)])
    table = emerging_words(comments, before="2025-02", after="2025-03-13..2025-03-26")
    assert word(table, "kiosk")["n_before"] == 0
    assert not word(table, "kiosk")["is_new"]


# --- what is counted


def test_the_same_long_text_on_a_day_counts_once_and_short_ones_each():
    long = "The new kiosk in the hall was out of order"
    copies = dated([*filled(N), *[long] * 8, *["Kiosk"] * 4], [*np.arange(N) // 10, *[78] * 12])
    table = emerging_words(copies)
    assert notes_of(table)["n_copies"] == 7
    assert word(table, "kiosk")["n_recent"] == 5


def test_comments_that_cannot_be_read_or_have_no_date_are_counted_aside():
    comments = survey().assign(status="ok")
    comments.loc[:9, "status"] = "uninformative"
    comments.loc[790:, "date"] = pd.NaT
    notes = notes_of(emerging_words(comments))
    assert (notes["n_undated"], notes["n_recent"] + notes["n_before"]) == (10, 780)
    assert any("without a date" in note for note in notes["notes"])


def test_personal_data_is_no_word():
    table = emerging_words(survey(range(660, 800, 5), term="mail jan@shop.example now"))
    assert "mail" in set(table["term"])
    assert not table["term"].str.contains("jan|shop").any()


def test_longer_comments_and_several_of_one_respondent_are_told():
    texts = [
        f"{a} {b}" if i >= 660 else a
        for i, (a, b) in enumerate(zip(filled(N), filled(N, 9), strict=True))
    ]
    comments = dated(texts, respondent_id=[f"r{i // 2}" for i in range(N)])
    notes = notes_of(emerging_words(comments))
    assert notes["n_respondents"] == 400
    assert (
        sum("longer comments" in note or "400 respondents" in note for note in notes["notes"]) == 2
    )


def test_themes_that_go_with_a_word_and_comments_without_one():
    comments = survey()
    own = [f"c{place}" for place in range(660, 800, 10)]
    mentions = mentions_of(comments, price=own[:2], service__speed=own[1:5], general=own[4:8])
    found = word(emerging_words(comments, mentions), "kiosk")
    assert (found["n_without_theme"], found["theme"], found["n_theme"]) == (9, "service.speed", 4)
    assert found["comment_id"] in own[5:]
    bare = word(emerging_words(comments), "kiosk")
    assert pd.isna(bare["n_without_theme"])
    assert pd.isna(bare["theme"])


# --- invariants


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(2, 40))
def test_the_order_of_rows_makes_no_difference_and_figures_hold_together(shuffle, step):
    comments = survey(range(600, 800, step))
    order = list(range(N))
    shuffle.shuffle(order)
    table, again = emerging_words(comments), emerging_words(comments.iloc[order])
    figures = table.columns.drop("comment_id")
    pd.testing.assert_frame_equal(table[figures], again[figures])
    assert notes_of(table) == notes_of(again)
    assert (table["q_value"] >= table["p_value"] * (1 - 1e-12)).all()
    assert (table["low"] <= table["log_odds"]).all()
    for side in ("recent", "before"):
        share = table[f"share_{side}"]
        assert (table[f"share_{side}_low"] <= share).all()
        assert (share <= table[f"share_{side}_high"]).all()
    held = comments.set_index("comment_id")["text"]
    kiosk = table[table["term"] == "kiosk"]["comment_id"]
    assert all("kiosk" in held[name] for name in kiosk)


# --- nothing to say


def degenerate():
    comments = survey()
    blank = comments.assign(text="")
    return {
        "no_comments": [blank, comments.iloc[:0]],
        "no_dates": [comments.drop(columns="date"), comments.assign(date=pd.NaT)],
        "one_day": [comments.assign(date=pd.Timestamp("2025-05-01"))],
        "few_recent": [dated(filled(12), range(12)), dated(["Late"] * 2, [0, 40])],
        "no_term": [dated([f"x{n}y" for n in range(200)])],
    }


@pytest.mark.parametrize(
    ("reason", "comments"), [(why, one) for why, all_ in degenerate().items() for one in all_]
)
def test_nothing_to_say_is_said_in_every_language(reason, comments):
    table = emerging_words(comments, mentions_of(survey()).iloc[:0])
    notes = notes_of(table)
    assert table.empty
    assert (notes["reason"], notes["n_found"]) == (reason, 0)
    assert list(table.columns) == list(emerging_words(survey()).columns)
    told = {emerging_sentences(notes, language)[0] for language in REPORT_LANGUAGES}
    assert len(told) == len(REPORT_LANGUAGES)
    assert not any("{" in sentence for sentence in told)


def test_an_empty_side_is_told():
    notes = notes_of(emerging_words(survey(), before="2024", after="2025-03"))
    assert (notes["reason"], notes["n_before"]) == ("few_before", 0)
    assert "0 comments; at least 10" in notes["sentence"]


def test_all_texts_equal_show_nothing():
    short = emerging_words(dated(["Late again"] * 400))
    assert notes_of(short)["n_found"] == 0
    long = emerging_words(dated(["The parcel came far too late once again"] * 400))
    assert notes_of(long)["n_found"] == 0


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
def test_everything_is_said_in_every_language(language):
    texts = [f"{text} {text}" if i >= 660 else text for i, text in enumerate(filled(N))]
    comments = survey()
    comments["language"] = np.where(np.arange(N) % 3 == 0, "nl", "en")
    comments.loc[700:709, "language"] = "de"
    comments.loc[:3, "date"] = pd.NaT
    comments["respondent_id"] = [f"r{i // 2}" for i in range(N)]
    comments["text"] = with_word(texts, "kiosk", RECENT)
    for chosen in ({}, {"before": "2025-01", "after": "2025-03"}, {"window": 20}):
        notes = notes_of(emerging_words(comments, **chosen))
        told = emerging_sentences(notes, language)
        assert all(line[0].isupper() or line[0].isdigit() for line in told)
        assert all(line.endswith(".") and "{" not in line for line in told)
        assert "kiosk" in told[0]
        if language == "en":
            assert told == [notes["sentence"], *notes["notes"]]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"window": 0}, "window is 0"),
        ({"window": 5, "after": "2025"}, "either window"),
        ({"min_n": 0}, "min_n is 0"),
        ({"min_comments": 1.5}, "min_comments is 1.5"),
        ({"before": "2025-01..2025-02", "after": "2025-02"}, "days in common"),
        ({"after": "05/2025"}, "cannot be read"),
        ({"confidence": 1.5}, "1.5"),
    ],
)
def test_what_cannot_be_used_is_one_clear_error(chosen, told):
    with pytest.raises(FeedbackError, match=told):
        emerging_words(survey(), **chosen)


def test_dates_that_are_text_and_foreign_mentions_are_refused():
    with pytest.raises(ColumnError, match="not hold dates but text"):
        emerging_words(survey().assign(date="2025-01-01"))
    with pytest.raises(FeedbackError, match="does not hold dates"):
        emerging_words(survey().assign(date=5))
    with pytest.raises(ColumnError, match="not among the comments"):
        emerging_words(survey().iloc[:50], mentions_of(survey(), price=["c700"]))


# --- comments without a theme


def untagged(n_bare=60, **columns):
    """Comments of which the first are about a kiosk and mention no theme."""
    comments = dated(with_word(filled(400), "kiosk", range(0, n_bare, 2)), **columns)
    return comments, mentions_of(comments, price=[f"c{n}" for n in range(n_bare, 400)])


def test_words_of_comments_without_a_theme():
    comments, mentions = untagged()
    table = untagged_terms(comments, mentions)
    found = table.iloc[0]
    assert (found["term"], found["n_without_theme"], found["n_with_theme"]) == ("kiosk", 30, 0)
    same = word(keyness(comments, group=(np.arange(400) < 60).tolist(), reference="rest"), "kiosk")
    for name in ("log_odds", "low", "high", "g2", "p_value"):
        assert found[name] == pytest.approx(same[name])
    assert int(found["comment_id"][1:]) < 60
    notes = table.attrs["untagged"]
    assert (notes["n_without_theme"], notes["n_with_theme"], notes["n_found"]) == (60, 340, 1)


def test_praise_without_a_subject_counts_as_a_theme_unless_it_is_not_to():
    comments, _ = untagged()
    mentions = mentions_of(
        comments, price=[f"c{n}" for n in range(60, 400)], general=[f"c{n}" for n in range(50)]
    )
    with_general = untagged_terms(comments, mentions).attrs["untagged"]
    without = untagged_terms(comments, mentions, count_general=False).attrs["untagged"]
    assert (with_general["n_without_theme"], without["n_without_theme"]) == (10, 60)
    assert any("without a subject is no theme" in note for note in without["notes"])
    assert any(note.startswith("50 of those with one") for note in with_general["notes"])
    assert (with_general["n_general"], without["n_general"]) == (50, 0)


def test_copies_of_a_long_text_count_once_and_unreadable_ones_not():
    comments, mentions = untagged()
    comments.loc[:19, "text"] = "The kiosk in the hall was out of order"
    comments["status"] = np.where(np.arange(400) < 390, "ok", "uninformative")
    notes = untagged_terms(comments, mentions).attrs["untagged"]
    assert (notes["n_copies"], notes["n_without_theme"], notes["n_with_theme"]) == (19, 41, 330)


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
@pytest.mark.parametrize(
    ("n_bare", "chosen", "reason"),
    [(60, {}, ""), (3, {}, "few_without"), (395, {}, "few_with"),
     (60, {"min_comments": 500}, "few_terms")],
)  # fmt: skip
def test_untagged_terms_say_what_was_compared_or_why_not(language, n_bare, chosen, reason):
    comments, mentions = untagged(n_bare)
    table = untagged_terms(comments, mentions, **chosen)
    notes = table.attrs["untagged"]
    assert notes["reason"] == reason
    assert table.empty == bool(reason)
    told = untagged_sentences(notes, language)
    assert all(line.endswith(".") and "{" not in line for line in told)
    assert ("kiosk" in told[0]) == (not reason)


def test_without_any_comment_or_mention_it_says_so():
    comments, mentions = untagged()
    assert untagged_terms(comments.iloc[:0], mentions.iloc[:0]).attrs["untagged"]["reason"]
    assert untagged_terms(comments, mentions.iloc[:0]).attrs["untagged"]["reason"] == "few_with"
