"""Every label of every scale in every language is its point, however it is typed."""

import itertools
import re
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import RatingError
from feedback_nlp.exports import parse_ratings
from feedback_nlp.exports.answer_scales import answer_scale, load_answer_scales, no_answers
from feedback_nlp.exports.fitting import is_label, known_keys

FOLDER = Path(__file__).resolve().parents[2] / "data" / "answer_scales"
LANGUAGES = ("nl", "en", "nb", "lv", "de", "fr", "es")


def expand(form, table):
    """The labels behind "very {g}", read from the file without the package."""
    slots = sorted(set(re.findall(r"\{(\w)\}", form)))
    for words in itertools.product(*(table[slot] for slot in slots)):
        text = form
        for slot, word in zip(slots, words, strict=True):
            text = text.replace("{" + slot + "}", word)
        yield text


def written():
    """(scale, language, point, grade, label) for all that stands in the files."""
    for path in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(path.read_text("utf-8"))
        for scale in content.get("scale", ()):
            for language, table in content["words"].items():
                for point, grades in enumerate(scale["points"], scale.get("low", 1)):
                    for grade in grades:
                        for form in table.get(grade, ()):
                            for text in expand(form, table):
                                yield scale["id"], language, point, grade, text


LABELS = list(written())
BY_SCALE = {
    name: [x for x in LABELS if x[0] == name] for name in dict.fromkeys(x[0] for x in LABELS)
}


def without_diacritics(text):
    text = text.translate(str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "ß": "ss", "œ": "oe"}))
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


WAYS = {
    "as written": lambda text, point: text,
    "capitals": lambda text, point: text.upper(),
    "turned capitals": lambda text, point: text.swapcase(),
    "no diacritics": lambda text, point: without_diacritics(text),
    "decomposed": lambda text, point: unicodedata.normalize("NFD", text),
    "blanks and a full stop": lambda text, point: f"  {text.replace(' ', '   ')} . ",
    "marks nobody sees": lambda text, point: f"\u202a{text}\u200b\ufe0f\u202c",
    "number, dash": lambda text, point: f"{point} - {text}",
    "number, equals": lambda text, point: f"{point} = {text}",
    "number behind": lambda text, point: f"{text} ({point})",
}


def stored(scale, points):
    """What the ratings are: high is good."""
    low_is_best = answer_scale(scale).reversed
    ends = answer_scale(scale).low + answer_scale(scale).high
    return [ends - point if low_is_best else point for point in points]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scale", BY_SCALE)
def test_every_label_is_its_point(scale, way):
    points = [point for _, _, point, _, _ in BY_SCALE[scale]]
    answers = [WAYS[way](text, point) for _, _, point, _, text in BY_SCALE[scale]]
    parsed = parse_ratings(answers, scale)
    assert parsed.table["value"].tolist() == stored(scale, points)
    assert set(parsed.table["reason"]) == {""}
    assert parsed.scale.wording == scale


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scale", [s for s in BY_SCALE if answer_scale(s).kind != "symbol"])
def test_a_scale_with_all_its_points_is_recognised(scale, language):
    known = answer_scale(scale)
    answers = list(known.examples[language])
    parsed = parse_ratings(answers)
    assert parsed.table["value"].tolist() == stored(scale, range(known.low, known.high + 1))


@pytest.mark.parametrize("scale", [s for s in BY_SCALE if answer_scale(s).kind == "symbol"])
def test_pictures_are_recognised(scale):
    known = answer_scale(scale)
    parsed = parse_ratings(known.examples["xx"])
    assert parsed.table["value"].tolist() == list(range(known.low, known.high + 1))


@pytest.mark.parametrize("scale", BY_SCALE)
def test_a_number_that_is_not_that_of_its_words_is_set_aside(scale):
    known = answer_scale(scale)
    labels = next(iter(known.examples.values()))
    answers = [f"{point} - {text}" for point, text in enumerate(labels, known.low)] * 3
    answers.append(f"{known.low} - {labels[-1]}")
    parsed = parse_ratings(answers, scale)
    assert parsed.table["reason"].tolist()[:-1] == [""] * (len(answers) - 1)
    assert parsed.table["reason"].iloc[-1] == "number and words of the rating disagree"


def test_every_label_is_told_from_other_texts():
    assert all(is_label(key) for key in known_keys())
    assert not is_label("")
    assert not is_label("x" + max(known_keys(), key=len))


def test_no_label_has_two_points_in_a_scale():
    for scale in load_answer_scales():
        points = {}
        for name, _, point, _, text in BY_SCALE[scale.id]:
            assert name == scale.id
            assert points.setdefault(text.lower(), point) == point


def test_no_label_says_that_there_is_no_answer():
    for scale in load_answer_scales():
        assert not set(scale.labels) & set(no_answers()), scale.id


def test_every_scale_but_those_of_pictures_is_in_all_languages():
    for scale in load_answer_scales():
        expected = ("xx",) if scale.kind == "symbol" else LANGUAGES
        assert set(expected) <= set(scale.examples), scale.id


def test_the_scales_are_symmetric_where_they_have_a_middle():
    for name in ("satisfaction-5", "satisfaction-7", "agreement-5", "ease-5", "ease-7"):
        scale = answer_scale(name)
        assert scale.labels["neutral"].value == (scale.low + scale.high) / 2


def test_two_labels_that_are_the_same_make_no_scale():
    with pytest.raises(RatingError, match="labels of 'rating' must differ"):
        parse_ratings(["good"], ["Good", "Fair", "good"])


ONE_GRADE = {
    (scale.id, language): list(examples)
    for scale in load_answer_scales()
    for language, examples in scale.examples.items()
}


@settings(max_examples=150)
@given(data=st.data())
def test_columns_made_at_random_come_back(data):
    name, language = data.draw(st.sampled_from(sorted(ONE_GRADE)))
    labels = ONE_GRADE[name, language]
    low = answer_scale(name).low
    points = data.draw(st.lists(st.integers(0, len(labels) - 1), min_size=1, max_size=25))
    ways = data.draw(
        st.lists(st.sampled_from(sorted(WAYS)), min_size=len(points), max_size=len(points))
    )
    answers = [WAYS[way](labels[p], p + low) for p, way in zip(points, ways, strict=True)]
    parsed = parse_ratings(answers, name)
    assert parsed.table["value"].tolist() == stored(name, [p + low for p in points])
