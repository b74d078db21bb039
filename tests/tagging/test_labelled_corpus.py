"""The labelled comments in data/labelled are what they should be, and the checks see what is not."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import FileFormatError
from feedback_nlp.records import LANGUAGES
from feedback_nlp.tagging.labelled import labelled_files, read_labelled, read_labels, write_labels
from feedback_nlp.tagging.labelled_checks import check_corpus
from feedback_nlp.tagging.labelled_figures import (
    coverage_table,
    near_copies,
    profile_table,
    repetition_table,
)
from feedback_nlp.tagging.markup import INDUSTRIES, MARKS, parse_markup, write_markup
from feedback_nlp.tagging.splits import read_splits
from feedback_nlp.taxonomy import load_taxonomy

ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = ROOT / "data" / "labelled"
HEAD = "@ en 01\n@ why = Why?\n"


@pytest.fixture(scope="module")
def corpus():
    return read_labels(CORPUS)


def batch(*bodies, head="retail nps=3 neutral"):
    blocks = [f"== {n} {head}\n{body}\n" for n, body in enumerate(bodies, start=1)]
    return parse_markup(HEAD + "".join(blocks))


def saved(folder, labels, name="en_01.jsonl"):
    write_labels(labels, folder / name)
    return folder


def test_nothing_is_to_mend_in_the_corpus():
    report = check_corpus(CORPUS)
    assert report.mistakes == ()


def test_every_comment_of_the_corpus_is_in_one_part():
    comments = read_labelled(CORPUS).comments
    assert comments["split"].notna().all()
    held_out = comments.groupby("industry", observed=True)["split"].agg(set)
    assert held_out.get("education", {"dev"}) == {"dev"}
    assert held_out.get("energy", {"test"}) == {"test"}


def test_every_batch_and_no_other_has_its_part():
    named = {name.split("/")[0] for name in read_splits(CORPUS / "splits.toml")}
    assert named == {path.stem.replace("_", "-") for path in labelled_files(CORPUS)}


def test_every_batch_can_be_edited_as_markup_and_comes_back():
    for path in labelled_files(CORPUS):
        labels = read_labels(path)
        assert parse_markup(write_markup(labels)) == labels, path.name


def test_guidelines_and_readme_name_every_theme_mark_and_industry():
    guide = (ROOT / "docs" / "annotation.md").read_text("utf-8")
    defined = {line.split("`")[1] for line in guide.splitlines() if line.startswith("| `")}
    assert set(load_taxonomy().ids) <= defined
    readme = (CORPUS / "README.md").read_text("utf-8")
    for word in (*MARKS, *INDUSTRIES, *LANGUAGES):
        assert word in readme
    assert set(MARKS) <= defined


def test_coverage_counts_by_language_and_polarity():
    labels = batch("{price.level- dear}, {price.level- very dear}, {general+ nice}")
    table = coverage_table(labels, load_taxonomy())
    assert table.loc["price.level", ("en", "negative")] == 2
    assert table.loc["general", ("en", "positive")] == 1
    assert table.to_numpy().sum() == 3


def test_figures_of_a_language():
    labels = batch("{price- one} two three {general+ four FIVE SIXX}", "a b 👍")
    row = profile_table(labels).loc["en"]
    assert row["comments"] == 2
    assert row["words_median"] == 4.5
    assert row["three_words_or_less"] == 0.5
    assert row["opposite"] == row["emoji"] == row["capitals"] == row["lower_case"] == 0.5
    assert row["positive"] == 0.5
    assert row["personal_data"] == 0


def test_words_are_counted_over_the_same_number_in_every_language():
    same = batch(*["one two three four five six seven eight nine ten"] * 250)
    assert profile_table(same).loc["en", "type_token_ratio"] == 10 / 2000
    assert profile_table(same[:10])["type_token_ratio"].isna().all()


def test_near_copies_are_found_over_batches_and_languages():
    first, second, third, fourth = batch(
        "The waiting room was freezing and nobody told us anything",
        "the waiting room was freezing, and nobody told us anything!",
        "The waiting area had no chairs for my father",
        "Brilliant, thank you",
    )
    far = replace(second, id="nl-02-001", language="nl")
    pairs = near_copies([first, far, third, fourth, replace(fourth, id="en-02-009")])
    assert pairs[["first", "second"]].to_numpy().tolist() == [
        ["en-01-001", "nl-02-001"], ["en-01-004", "en-02-009"],
    ]  # fmt: skip


def test_short_answers_may_come_back_in_another_batch_but_not_in_their_own():
    one, two = batch("top", "Top!")
    assert len(near_copies([one, two])) == 1
    assert near_copies([one, replace(two, id="en-02-001")]).empty


def test_what_is_said_too_often_is_listed():
    labels = batch(
        *(f"I have to say the {thing} was {how} for us" for thing, how in (
            ("lamp", "nice"), ("bed", "fine"), ("sofa", "bad"), ("rug", "dull"),
        ))
    )  # fmt: skip
    table = repetition_table(labels).set_index("kind")
    assert table.loc["opening", ["words", "n"]].tolist() == ["i have to", 4]
    assert "i have to say the" in table.loc["five words", "words"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": "en-1-1"}, "an id is"),
        ({"industry": "farming"}, "'farming'"),
        ({"notes": ("sarcasm",)}, "'sarcasm'"),
        ({"sentiment": "negative"}, "no mention says why"),
    ],
)
def test_rules_of_the_corpus(tmp_path, change, said):
    [label] = batch("We were there on Tuesday")
    report = check_corpus(saved(tmp_path, [replace(label, **change)]))
    assert any(said in line for line in report.mistakes)


def test_a_file_has_the_name_of_its_batch(tmp_path):
    report = check_corpus(saved(tmp_path, batch("We were there on Tuesday"), "en_07.jsonl"))
    assert "en_07.jsonl: the name is not that of its batch" in report.mistakes


def test_aims_and_quotas_say_what_is_missing(tmp_path):
    labels = batch("{price.level- dear}")
    saved(tmp_path, labels)
    (tmp_path / "targets.toml").write_text(
        "[now]\nen = { comments = 2, mentions_each = 1 }\n"
        "[final]\nen = { comments = 9, mentions_each = 3 }\n"
        "[figures]\nfrom_comments = 1\nnegative = [0.2, 0.6]\n",
        "utf-8",
    )
    report = check_corpus(tmp_path)
    assert "en: 1 comments, 2 wanted" in report.mistakes
    assert "en: price.level positive 0 times, 1 wanted" in report.mistakes
    assert "en: price.level negative 1 times, 1 wanted" not in report.mistakes
    assert "en: negative is 1.00, wanted 0.2 to 0.6" in report.mistakes
    assert report.missing.loc["price.level", ("en", "negative")] == 2
    quota = tmp_path / "quota.toml"
    quota.write_text('"price.level" = [1, 2, 0]\n', "utf-8")
    missing = check_corpus(tmp_path, quota=quota).missing
    assert missing.to_dict() == {("en", "neutral"): {"price.level": 2}}
    assert "price.level" in str(report)
    quota.write_text('"price.cheap" = [1, 2, 0]\n', "utf-8")
    with pytest.raises(FileFormatError, match=r"price\.cheap"):
        check_corpus(tmp_path, quota=quota)


def test_nothing_to_check_is_said(tmp_path):
    with pytest.raises(FileFormatError, match="no labelled comments"):
        check_corpus(tmp_path)


@settings(max_examples=40)
@given(st.lists(st.text("ab", min_size=20, max_size=40), min_size=2, max_size=8))
def test_near_copies_misses_no_pair(texts):
    labels = batch(*(f"x{text}x" for text in texts))

    def runs(text):
        return {text[at : at + 5] for at in range(len(text) - 4)}

    wanted = set()
    for one, other in combinations(labels, 2):
        first, second = (runs(x.text) for x in (one, other))
        if len(first & second) / len(first | second) >= 0.6:
            wanted.add((one.id, other.id))
    found = near_copies(labels, threshold=0.6)
    assert wanted == set(zip(found["first"], found["second"], strict=True))


def test_the_examples_of_the_readme_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = (CORPUS / "README.md").read_text("utf-8").split("```")[1::2]
    exec(compile(blocks[0].removeprefix("python\n"), "<example>", "exec"), {"__name__": "example"})
    markup = next(block for block in blocks if block.startswith("text\n@"))
    assert len(parse_markup(markup.removeprefix("text\n"))) == 3
