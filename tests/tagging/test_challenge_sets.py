"""The challenge sets of the repository: whole, and no worse passed than before.

Floors are what each tagger passed when it was last learnt or its phrases revised, less what a few
relabelled rows may cost; a change that falls below has broken something.
"""

from pathlib import Path

import pytest
from challenge_copies import copies_of_rows

from feedback_nlp import load_tagger
from feedback_nlp.records import LANGUAGES
from feedback_nlp.tagging.challenge import PHENOMENA, pass_rates, read_challenges, run_challenges
from feedback_nlp.tagging.labelled import read_labelled, read_labels

FOLDER = Path(__file__).resolve().parents[2] / "data" / "challenge"
LABELLED = FOLDER.parent / "labelled"
FLOORS = {
    "rules": {"de": 0.44, "en": 0.43, "es": 0.5, "fr": 0.41, "lv": 0.4, "nb": 0.47, "nl": 0.4},
    "compact": {"de": 0.5, "en": 0.5, "es": 0.54, "fr": 0.41, "lv": 0.42, "nb": 0.53, "nl": 0.47},
    "accurate": {
        "de": 0.69,
        "en": 0.75,
        "es": 0.72,
        "fr": 0.66,
        "lv": 0.57,
        "nb": 0.72,
        "nl": 0.72,
    },
}
ROWS_EACH = 6


@pytest.fixture(scope="module")
def rows():
    return read_challenges(FOLDER)


@pytest.fixture(scope="module", params=sorted(FLOORS))
def results(request, rows):
    found = run_challenges(load_tagger(request.param), rows)
    found.attrs["floors"] = FLOORS[request.param]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phenomenon_is_tested_in_every_language(rows, language):
    seen = [row.phenomenon for row in rows if row.language == language]
    assert {name: seen.count(name) for name in PHENOMENA if seen.count(name) < ROWS_EACH} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_row_is_among_the_comments_that_models_learn_from(rows, language):
    labelled = read_labelled(LABELLED).comments
    train = set(labelled["comment_id"][labelled["split"] == "train"])
    labels = [one for one in read_labels(LABELLED) if one.language == language and one.id in train]
    assert copies_of_rows(labels, rows, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_pass_no_fewer_than_before(results, language):
    rates = pass_rates(results, by="language").set_index("language")["share"]
    assert rates[language] >= results.attrs["floors"][language]


def test_rows_that_must_not_fail(results):
    """Emoji alone are as plain as a comment can be."""
    rates = pass_rates(results).set_index("phenomenon")["share"]
    assert rates["emoji_only"] >= 0.9
