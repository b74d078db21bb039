"""A tagger of one's own themes, learnt from a few labelled comments."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

import feedback_nlp as fn
from feedback_nlp.errors import ColumnError, FeedbackError, ModelError, TaxonomyError
from feedback_nlp.tagging import Tagging
from feedback_nlp.taxonomy import Taxonomy, Theme

GOOD = {"en": ["excellent", "very good", "lovely"], "nl": ["uitstekend", "heel goed", "prachtig"]}
BAD = {
    "en": ["terrible", "far too bad", "awful"],
    "nl": ["verschrikkelijk", "veel te slecht", "waardeloos"],
}
SUBJECTS = {
    "ferry.deck": {"en": ["The sun deck of the ferry", "Our deck chair"], "nl": ["Het zonnedek van de boot", "De dekstoel"]},
    "ferry.cabin": {"en": ["The bunk in our cabin", "The cabin"], "nl": ["Het bed in de hut", "Onze hut"]},
    "galley": {"en": ["The soup in the galley", "The breakfast buffet"], "nl": ["De soep aan boord", "Het ontbijtbuffet"]},
}  # fmt: skip
IS = {"en": "was", "nl": "was"}


def sentence(theme, language, n, good):
    subject = SUBJECTS[theme][language][n % 2]
    word = (GOOD if good else BAD)[language][n % 3]
    return f"{subject} {IS[language]} {word}"


def labelled():
    """72 comments: every theme alone, praised and blamed, and some of two."""
    rows, labels = [], []
    themes = list(SUBJECTS)
    for language in GOOD:
        for n in range(10):
            for at, theme in enumerate(themes):
                good = n % 2 == 0
                rows.append(
                    (
                        f"{language}{theme}{n}",
                        f"{sentence(theme, language, n // 2, good)} ({n + 2} days)",
                        language,
                    )
                )
                labels.append((rows[-1][0], theme, "positive" if good else "negative"))
                if n < 2:
                    other = themes[(at + 1) % 3]
                    joint = {"en": "but", "nl": "maar"}[language]
                    text = f"{sentence(theme, language, n, True)}, {joint} {sentence(other, language, n, False)}."
                    rows.append((f"{language}{theme}{n}b", text, language))
                    labels += [(rows[-1][0], theme, "positive"), (rows[-1][0], other, "negative")]
    comments = pd.DataFrame(rows, columns=["comment_id", "text", "language"])
    return Tagging(comments, pd.DataFrame(labels, columns=["comment_id", "theme", "polarity"]))


GOLD = labelled()
NEW = [
    "The cabin was lovely, but the breakfast buffet was terrible.",
    "De soep was waardeloos",
    "Our deck chair was very good and the bunk was excellent!",
    "We saw a seal.",
    "n/a",
    "",
    "Niks",
]  # fmt: skip


@pytest.fixture(scope="module")
def tagger():
    return fn.train_tagger(GOLD, curve=True)


def said(tagged):
    return [[(m.theme, m.polarity) for m in one.mentions] for one in tagged]


def test_it_finds_the_themes_and_what_is_said_of_each(tagger):
    first, second, *_ = tagger.pipe(NEW)
    assert [(m.theme, m.polarity) for m in first.mentions] == [
        ("ferry.cabin", "positive"), ("galley", "negative"),
    ]  # fmt: skip
    assert [first.text[m.start : m.end] for m in first.mentions] == [
        "The cabin was lovely", "but the breakfast buffet was terrible",
    ]  # fmt: skip
    assert said([second]) == [[("galley", "negative")]]
    assert all(0 < m.theme_confidence <= 1 and m.source == "model" for m in first.mentions)


def test_what_says_nothing_has_no_themes_and_a_status(tagger):
    *_, none, blank, nothing = tagger.pipe(NEW)
    assert [one.status for one in (none, blank, nothing)] == [
        "uninformative",
        "blank",
        "uninformative",
    ]
    assert said([none, blank, nothing]) == [[], [], []]


def test_any_batch_gives_the_same_answers(tagger):
    texts = GOLD.comments["text"].tolist() + NEW
    together = list(tagger.pipe(texts, language="en"))
    assert [tagger(text, language="en") for text in texts] == together
    assert list(tagger.pipe(texts[::-1], language="en")) == together[::-1]


def test_threads_and_copies_give_the_same_answers(tagger):
    wanted = list(tagger.pipe(NEW))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(tagger, NEW)) == wanted
    assert list(pickle.loads(pickle.dumps(tagger)).pipe(NEW)) == wanted


def test_saved_and_loaded_it_is_the_same(tagger, tmp_path):
    folder = tagger.save(tmp_path / "models" / "mine")
    loaded = fn.load_tagger(folder)
    texts = GOLD.comments["text"].tolist() + NEW
    assert list(loaded.pipe(texts)) == list(tagger.pipe(texts))
    assert (loaded.name, loaded.card) == ("mine", tagger.card)
    assert {"weights_sha256", "base_weights_sha256"} <= set(loaded.facts)
    assert loaded.taxonomy.names() == tagger.taxonomy.names()
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["mine"]


def test_a_model_is_only_replaced_when_asked_and_nothing_else_ever(tagger, tmp_path):
    tagger.save(tmp_path / "mine")
    with pytest.raises(ModelError, match="Choose another folder"):
        tagger.save(tmp_path / "mine")
    tagger.save(tmp_path / "mine", force=True)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "keep.txt").write_text("mine")
    with pytest.raises(ModelError, match="is no trained model"):
        tagger.save(tmp_path / "notes", force=True)
    assert (tmp_path / "notes" / "keep.txt").read_text() == "mine"
    with pytest.raises(ModelError, match="Only a tagger of train_tagger"):
        fn.load_tagger().save(tmp_path / "other")


def test_a_model_is_not_replaced_where_other_files_would_be_lost(tagger, tmp_path):
    folder = tagger.save(tmp_path / "mine")
    (folder / "notes.txt").write_text("do not lose me")
    with pytest.raises(ModelError, match=r"more than a model \(notes.txt\)"):
        tagger.save(folder, force=True)
    assert (folder / "notes.txt").read_text() == "do not lose me"


def test_all_files_of_a_model_may_be_read_alike(tagger, tmp_path):
    folder = tagger.save(tmp_path / "mine")
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len({path.stat().st_mode for path in files}) == 1


def test_a_folder_that_was_changed_is_refused(tagger, tmp_path):
    folder = tagger.save(tmp_path / "mine")
    text = (folder / "taxonomy.toml").read_text("utf-8")
    (folder / "taxonomy.toml").write_text(text.replace('"galley"', '"kitchen"'), "utf-8")
    with pytest.raises(ModelError, match="train it again"):
        fn.load_tagger(folder)


def test_the_same_seed_gives_the_same_files(tagger, tmp_path):
    again = fn.train_tagger(GOLD, curve=True)
    for one, name in ((tagger, "a"), (again, "b")):
        one.save(tmp_path / name)
    files = sorted(
        p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file()
    )
    assert len(files) > 5
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file
    assert "seed 1" in fn.train_tagger(GOLD, seed=1).card


def test_the_card_has_the_figures_of_unseen_comments(tagger):
    card = tagger.card
    assert card.startswith("# trained\n")
    for part in ("72 labelled comments", "| galley | 28 |", "## Polarity", "## Learning curve"):
        assert part in card
    f1 = float(card.split("F1 of all themes together **")[1].split("**")[0])
    assert 0.9 < f1 <= 1


def test_themes_with_few_examples_are_warned_of():
    few = GOLD.mentions.copy()
    few.loc[:2, "theme"] = "harbour"
    themes = [*SUBJECTS, "harbour", "ferry", "weather"]
    taxonomy = Taxonomy("boats", tuple(Theme(id=one) for one in themes))
    with pytest.warns(UserWarning, match="labelled") as caught:
        tagger = fn.train_tagger(Tagging(GOLD.comments, few), taxonomy=taxonomy)
    messages = [str(one.message) for one in caught]
    assert any("harbour (2)" in one for one in messages)
    assert any("labelled weather: never found" in one for one in messages)
    assert "harbour (2)" in tagger.card


def test_labels_without_polarity_leave_it_to_the_model_that_comes_along():
    bare = GOLD.mentions[["comment_id", "theme"]]
    tagger = fn.train_tagger(Tagging(GOLD.comments, bare))
    assert "No label has a polarity" in tagger.card
    assert said([tagger("The soup in the galley was terrible")]) == [[("galley", "negative")]]


def test_marked_stretches_are_learnt_from():
    texts = GOLD.comments.set_index("comment_id")["text"]
    rows = GOLD.mentions.assign(start=0, end=0)
    for at, row in rows.iterrows():
        text = texts[row["comment_id"]]
        cut = text.find(",")
        first = row["polarity"] == "positive"
        spans = (0, len(text)) if cut < 0 else (0, cut) if first else (cut + 2, len(text))
        rows.loc[at, ["start", "end"]] = spans
    tagger = fn.train_tagger(Tagging(GOLD.comments, rows))
    assert said([tagger(NEW[0])]) == [[("ferry.cabin", "positive"), ("galley", "negative")]]


def test_phrases_of_a_taxonomy_help():
    extra = {"galley": {"en": ("mess hall",)}}
    taxonomy = Taxonomy(
        "boats", tuple(Theme(id=one, phrases=extra.get(one, {})) for one in [*SUBJECTS, "ferry"])
    )
    texts = [
        f"The mess hall {word} on day {n}"
        for n in range(5)
        for word in ("stinks", "shines", "is shut", "is open")
    ]
    more = pd.DataFrame(
        {"comment_id": [f"m{n}" for n in range(20)], "text": texts, "language": "en"}
    )
    labels = pd.DataFrame({"comment_id": more["comment_id"], "theme": "galley"})
    gold = Tagging(pd.concat([GOLD.comments, more]), pd.concat([GOLD.mentions, labels]))
    tagger = fn.train_tagger(gold, taxonomy=taxonomy)
    assert [m.theme for m in tagger("Is there a mess hall?", language="en").mentions] == ["galley"]


def changed(comments=None, mentions=None):
    return Tagging(
        GOLD.comments if comments is None else comments,
        GOLD.mentions if mentions is None else mentions,
    )


COMMENTS, MENTIONS = GOLD.comments, GOLD.mentions


@pytest.mark.parametrize(
    ("gold", "kind", "words"),
    [
        (changed(mentions=MENTIONS[:0]), ModelError, "no labels"),
        (changed(mentions=MENTIONS.drop(columns="theme")), ColumnError, "No column 'theme'"),
        (changed(comments=COMMENTS.drop(columns="text")), ColumnError, "No column 'text'"),
        (changed(comments=pd.concat([COMMENTS, COMMENTS[:1]])), ColumnError, "more than once"),
        (changed(comments=COMMENTS[1:]), ColumnError, "no comment has"),
        (changed(mentions=MENTIONS.assign(theme="galley")[:60]), ModelError, None),
        (changed(comments=COMMENTS.assign(respondent_id="r")), ModelError, "of 1 respondents"),
        (changed(mentions=MENTIONS.assign(polarity="bad")), ColumnError, "'bad'"),
        (changed(mentions=MENTIONS.assign(theme="Sun Deck")), TaxonomyError, "'Sun Deck'"),
        (changed(mentions=MENTIONS.assign(start=0, end=9999)), ColumnError, "outside its text"),
        (changed(comments=COMMENTS[:9], mentions=MENTIONS[:9]), FeedbackError, None),
    ],
)
def test_labels_that_cannot_be_learnt_from_are_refused(gold, kind, words):
    if words is None:
        keep = gold.mentions["comment_id"].isin(gold.comments["comment_id"])
        ids = gold.mentions[keep]["comment_id"]
        gold = Tagging(gold.comments[gold.comments["comment_id"].isin(ids)], gold.mentions[keep])
        words = "nothing to tell apart" if len(gold.comments) > 20 else "learning needs 20"
    with pytest.raises(kind, match=words):
        fn.train_tagger(gold)


def test_a_theme_that_the_taxonomy_has_not_is_named():
    with pytest.raises(TaxonomyError, match="No theme 'ferry"):
        fn.train_tagger(GOLD, taxonomy=fn.load_taxonomy())
