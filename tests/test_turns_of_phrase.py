"""The comments of ``training/accurate/turns`` and ``told``: labels, variety, no challenge row."""

import re
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from challenge_copies import copies_of_rows, unlabelled

from feedback_nlp.records import LANGUAGES
from feedback_nlp.tagging.challenge import read_challenges

ROOT = Path(__file__).resolve().parent.parent
TURNS = ROOT / "training" / "accurate" / "turns"
EACH = 1_500  # comments of a language, as many as training takes
BETTER_AND_WORSE = {
    "en": ("quicker", "slower"), "nl": ("goedkoper", "duurder"), "de": ("billiger", "teurer"),
    "fr": ("plus rapide", "plus lente"), "es": ("más barato", "más caro"),
    "nb": ("billigere", "dyrere"), "lv": ("lētāks", "dārgāks"),
}  # fmt: skip


@contextmanager
def _training():
    """Let what is in ``training/accurate`` be imported."""
    sys.path.insert(0, str(ROOT / "training" / "accurate"))
    try:
        yield
    finally:
        sys.path.pop(0)


def _by_language(items):
    made = {language: [] for language in LANGUAGES}
    for language, item in items:
        made[language].append(item)
    return made


def _made(each, seed):
    with _training():
        from material import themes_of_default
        from turns import FOLDER, turned_items
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == sorted(LANGUAGES)
    return _by_language(turned_items(each * len(LANGUAGES), seed, themes_of_default()))


@pytest.fixture(scope="module")
def told():
    """Every comment that is told in so many words."""
    with _training():
        from material import themes_of_default
        from told import FOLDER, told_items
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == sorted(LANGUAGES)
    return _by_language(told_items(5, themes_of_default()))


@pytest.fixture(scope="module", params=[5, 16, 21])
def made(request):
    """As training makes them, in each of its runs."""
    return _made(EACH, request.param)


@pytest.fixture(scope="module")
def single():
    """Many with one judgement each."""
    return {
        language: [item for item in items if len(item.marks) == 1]
        for language, items in _made(12_000, 1).items()
    }


def test_they_are_different_and_labelled(made):
    for items in made.values():
        assert len({item.text for item in items}) > 0.95 * len(items)
        assert sum(not item.marks for item in items) < 0.06 * len(items)
        sides = [mark[1] for item in items for mark in item.marks]
        assert 0.35 < sides.count("positive") / len(sides) < 0.65


def test_brackets_are_gone_and_marks_are_words(made):
    for item in (item for items in made.values() for item in items):
        assert not set("[]{}|") & set(item.text)
        for _, _, first, last in item.marks:
            evidence = item.text[first:last]
            assert len(evidence) > 3
            assert evidence == evidence.strip()


def test_what_is_told_is_told_once_and_labelled(told):
    for items in told.values():
        assert len({item.text for item in items}) == len(items)
        assert 0.01 < sum(not item.marks for item in items) / len(items) < 0.05
        sides = [mark[1] for item in items for mark in item.marks]
        assert 0.4 < sides.count("positive") / len(sides) < 0.6
        assert sides.count("neutral") / len(sides) > 0.01
        for item in items:
            assert not set("[]{}|") & set(item.text)
            assert all(item.text[first:last].strip() for *_, first, last in item.marks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_of_what_is_told_are_as_in_labelled_comments(told, language):
    """Full stops at the end are no evidence; of two mentions each has its own words."""
    marked = {item.text: item.marks for item in told[language]}
    two = [(text, marks) for text, marks in marked.items() if len(marks) == 2]
    assert len(two) >= 20
    for text, ((_, _, first, last), (_, _, second, end)) in two:
        assert first < last <= second < end
        assert text[end:].strip() in (".", "!", "")


def words_of(language):
    """Return what is said in praise and in blame of the things of a language."""
    text = (TURNS / f"{language}.txt").read_text("utf-8")
    rows = text.split("## things\n")[1].split("##")[0].strip().splitlines()
    said = (
        [word.strip() for row in rows for word in row.split("|")[at].split(";")] for at in (3, 4)
    )
    # "still open" is blame, "open" is praise: neither tells what "is still open" means.
    return [
        "|".join(re.escape(re.sub(r"^(still|immer noch) ", "", w)) for w in words) for words in said
    ]


@pytest.mark.parametrize(
    ("language", "turn", "turned"),
    [
        ("en", r"used to be ({0})[.!]?$", True),
        ("en", r"^(?!.*(not|n't|obody) ).*\b(is|are) still ({0})[.!]?$", False),
        ("nl", r"^Vroeger (was|waren) .* ({0})[.!]?$", True),
        ("nl", r"(is|zijn) nog steeds ({0})[.!]?$", False),
        ("de", r"^Früher (war|waren) .* ({0})[.!]?$", True),
        ("de", r"(ist|sind) immer noch ({0})[.!]?$", False),
        ("fr", r"^Avant, .* (était|étaient) ({0})[.!]?$", True),
        ("fr", r"(est|sont) encore ({0})[.!]?$", False),
        ("es", r"^Antes .* (era|eran|estaba|estaban) ({0})[.!]?$", True),
        ("es", r"todavía (es|son|está|están) ({0})[.!]?$", False),
        ("nb", r"^Før var .* ({0})[.!]?$", True),
        ("nb", r"er fortsatt ({0})[.!]?$", False),
        ("lv", r"^Agrāk .* bija ({0})[.!]?$", True),
        ("lv", r"joprojām ir ({0})[.!]?$", False),
    ],
)
def test_the_past_is_turned(single, language, turn, turned):
    praise, blame = (
        re.compile(turn.format(rf"(?<!\w)(?:{words})")) for words in words_of(language)
    )
    seen = {True: set(), False: set()}
    for item in single[language]:
        praised, blamed = bool(praise.search(item.text)), bool(blame.search(item.text))
        if praised != blamed:  # "short" is praise of a queue and blame of a battery
            seen[praised].add(item.marks[0][1])
    assert seen == {not turned: {"positive"}, turned: {"negative"}}


@pytest.mark.parametrize(
    ("language", "turn"),
    [
        ("en", r"{0} than (expected|before|promised|elsewhere)"),
        ("nl", r"{0} dan (verwacht|eerst|beloofd|elders)"),
        ("de", r"{0} als (erwartet|vorher|versprochen|anderswo)"),
        ("fr", r"{0} (que prévu|que promis|qu'avant|qu'ailleurs)"),
        ("es", r"{0} (de lo esperado|que antes|de lo prometido|que en otros sitios)"),
        ("nb", r"{0} enn (forventet|før|lovet|andre steder)"),
        ("lv", r"{0},? nekā (gaidīju|iepriekš|solīts|citur)"),
    ],
)
def test_a_plain_comparison_is_not(single, language, turn):
    for word, polarity in zip(BETTER_AND_WORSE[language], ("positive", "negative"), strict=True):
        wanted = re.compile(turn.format(rf"(?<!\w){word}"))
        found = [item.marks for item in single[language] if wanted.search(item.text)]
        assert found
        assert {side for marks in found for _, side, *_ in marks} == {polarity}


@pytest.mark.parametrize("language", LANGUAGES)
def test_none_is_nearly_a_row_that_tests_models(made, told, language):
    comments = [
        unlabelled(f"made-{at}", item.text, language)
        for at, item in enumerate([*made[language], *told[language]])
    ]
    rows = read_challenges(ROOT / "data" / "challenge")
    assert copies_of_rows(comments, rows, language) == []
