"""Comments that are the same or nearly the same."""

import random
import string

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.samples import make_sample
from feedback_nlp.scores.traps.lookalikes import find_lookalikes
from feedback_nlp.scores.traps.suspicious import suspicious_answers

LONG = (
    "I ordered two chairs in May and they came in June, with a scratch on the left arm, and nobody "
    "at the desk would take them back."
)
USUAL = [
    "good service",
    "prima",
    "Very good, thank you!",
    "no complaints at all",
    "Alles in Ordnung",
]


def told(table):
    return table.attrs["suspicious"]


def different(n, seed=0):
    """Texts of made-up words, of which no two are alike."""
    rng = random.Random(seed)
    words = ["".join(rng.choices(string.ascii_lowercase, k=rng.randint(3, 9))) for _ in range(900)]
    return [" ".join(rng.choices(words, k=rng.randint(6, 40))) for _ in range(n)]


def table(texts, **columns):
    ids = [f"c{i}" for i in range(len(texts))]
    return pd.DataFrame({"comment_id": ids, "text": texts, **columns})


def edited(text, rng):
    """Change a text as someone does who sends it twice: a letter, a word, the marks."""
    words = text.split()
    kind = rng.randrange(4)
    if kind == 0:
        words[rng.randrange(len(words))] = "really"
    elif kind == 1:
        words.insert(rng.randrange(len(words)), "so")
    elif kind == 2:
        at = rng.randrange(len(words))
        words[at] = words[at][1:] + words[at][:1]
    return (" ".join(words) + rng.choice(["", "!", " ..."])).capitalize()


def test_long_comments_that_are_alike_are_flagged_at_any_time():
    texts = [*different(200), LONG, LONG.upper().replace(",", " "), LONG.replace("May", "March")]
    found = suspicious_answers(table(texts))
    assert found["comment_id"].tolist() == ["c200", "c201", "c202"]
    assert set(found["group"]) == {"alike-1"}
    assert found["why"].iloc[0] == (
        "3 comments by 3 respondents are the same or nearly (2 wordings), 27 words or more."
    )
    assert told(found)["looked_at"]["alike"] == 203


def test_usual_short_comments_are_not_flagged():
    texts = [*different(100), *USUAL * 40]
    dates = pd.Timestamp("2026-03-01 10:00") + pd.to_timedelta(np.arange(300), unit="min")
    assert suspicious_answers(table(texts, date=dates)).empty


def test_someone_who_repeats_an_answer_is_not_flagged():
    comments = table([*different(100), LONG, LONG])
    comments["respondent_id"] = [*comments["comment_id"][:101], "c100"]
    assert suspicious_answers(comments).empty


def test_middling_comments_are_flagged_only_in_a_burst():
    middling = "The staff was friendly and quick today"
    texts = [*different(300), *[middling] * 8]
    spread = pd.Timestamp("2026-03-01") + pd.to_timedelta(np.arange(308) * 97, unit="min")
    assert suspicious_answers(table(texts, date=spread)).empty
    assert suspicious_answers(table(texts)).empty
    close = spread.to_series(index=range(308))
    close[300:] = pd.Timestamp("2026-03-10 02:00") + pd.to_timedelta(np.arange(8) * 20, unit="s")
    found = suspicious_answers(table(texts, date=close))
    assert len(found) == 8
    assert (
        "There are 8 like it among 308; so close together by chance in fewer than 1 of 10,000"
        in (found["why"].iloc[0])
    )


def test_files_without_copies_show_none():
    for seed in range(20):
        texts = different(300, seed)
        assert find_lookalikes(texts).group.max() == -1


def test_nearly_all_planted_copies_are_found():
    rng = random.Random(5)
    originals = [text for text in different(1500, 5) if len(text.split()) >= 12]
    copies = [edited(text, rng) for text in originals[:300]]
    found = find_lookalikes([*originals, *copies])
    pairs = [found.group[i] == found.group[len(originals) + i] >= 0 for i in range(300)]
    assert np.mean(pairs) > 0.98


def test_real_sentences_of_seven_languages_are_not_mixed_up():
    texts = make_sample(400, seed=3)["Why did you give that score?"].fillna("").tolist()
    found = find_lookalikes(texts)
    for group in range(found.group.max() + 1):
        first, *others = (texts[i].casefold() for i in np.flatnonzero(found.group == group))
        for other in others:
            shared = set(first.split()) & set(other.split())
            assert len(shared) >= 0.5 * min(len(first.split()), len(other.split()))


@pytest.mark.parametrize(
    "texts",
    [
        [LONG] * 5000,
        [f"{LONG} {i}" for i in range(5000)],
        [f"{i} {LONG}" for i in range(5000)],
        ["a b " * 25_000] * 20 + ["x" * 100_000] * 20,
        ["\ud800 " * 50, "", " ", "\x00" * 99, "☹" * 500],
    ],
    ids=["copies", "numbered", "numbered first", "very long", "no text at all"],
)
def test_hostile_texts_take_no_longer(texts):
    found = find_lookalikes(texts)
    assert found.group.max() <= 1
    assert len(found.group) == len(texts)


def test_time_grows_with_the_number_of_texts(time_grows_with_length):
    rng = random.Random(1)
    few_words = [
        " ".join(rng.choices(["wait", "long", "rude", "cold", "dear"], k=14)) for _ in range(6000)
    ]
    assert time_grows_with_length(find_lookalikes, few_words)


@settings(max_examples=40)
@given(
    texts=st.lists(
        st.sampled_from([LONG, LONG + " again", "short", "", *different(4)]),
        min_size=1,
        max_size=12,
    )
)
def test_the_same_texts_are_in_the_same_group(texts):
    found = find_lookalikes(texts)
    for i, one in enumerate(texts):
        for j, other in enumerate(texts[:i]):
            if one == other and found.exact[i] >= 0:
                assert found.group[i] == found.group[j] >= 0
    for group in range(found.group.max() + 1):
        assert (found.group == group).sum() > 1
