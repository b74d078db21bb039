"""The notation for labelling by hand: read, trimmed, written back, and clear about mistakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.errors import FileFormatError
from feedback_nlp.tagging.labelled import LabelledComment, human_mention, usual_sentiment
from feedback_nlp.tagging.markup import check_markup, parse_markup, write_markup

HEAD = "@ nl 03\n@ why = Waarom?\n@ better = Wat kan beter?\n\n"


def parsed(body, head="== 1 retail nps=3"):
    [label] = parse_markup(f"{HEAD}{head}\n{body}\n")
    return label


def found(label):
    return [(m.theme, m.polarity, label.text[m.start : m.end]) for m in label.mentions]


def test_heads_are_read_in_any_order():
    text = (
        HEAD
        + "== 17 irony better csat=2 bank wish\n{price- duur}\n\n== 4 nps=- saas\n{price0 prijs}"
    )
    first, second = parse_markup(text)
    assert (first.id, first.question, first.metric, first.rating) == (
        "nl-03-017", "Wat kan beter?", "csat", 2,
    )  # fmt: skip
    assert (first.industry, first.notes) == ("bank", ("irony", "wish"))
    assert (second.id, second.question, second.rating) == ("nl-03-004", "Waarom?", None)
    assert (first.sentiment, second.sentiment) == ("negative", "neutral")


def test_mentions_may_share_a_stretch_lie_in_another_and_meet():
    label = parsed(
        "{service.expertise- {service.friendliness+ aardig meisje} wist niks}"
        "{price.level-,quality.product- duur en slecht}"
    )
    assert label.text == "aardig meisje wist niksduur en slecht"
    assert found(label) == [
        ("service.expertise", "negative", "aardig meisje wist niks"),
        ("service.friendliness", "positive", "aardig meisje"),
        ("price.level", "negative", "duur en slecht"),
        ("quality.product", "negative", "duur en slecht"),
    ]
    assert label.sentiment == "mixed"


def test_blanks_and_the_last_marks_are_cut_off_but_never_everything():
    assert found(parsed("Oei, {price.level-  te duur!!! } 😡")) == [
        ("price.level", "negative", "te duur")
    ]
    assert found(parsed("{general- ?!}")) == [("general", "negative", "?!")]
    assert found(parsed("{general+ 👍}")) == [("general", "positive", "👍")]


def test_texts_keep_lines_tabs_quotes_and_special_characters():
    body = '{price- a\tb "c"\n\nd 👩‍👧}\n\\== e \\{f\\} \\\\ ¯\\_(ツ)_/¯ @ #'
    assert parsed(body).text == 'a\tb "c"\n\nd 👩‍👧\n== e {f} \\ ¯\\_(ツ)_/¯ @ #'


def test_status_language_and_sentiment_can_be_said():
    assert parsed("nvt", "== 1 retail nps=3 uninformative").sentiment is None
    russian = parsed("дорого", "== 1 retail nps=3 unknown_language")
    assert (russian.language, russian.status) == ("unknown", "unknown_language")
    assert parsed("{price.level- too dear}", "== 1 retail nps=3 en").language == "en"
    assert parsed("Ik was er dinsdag", "== 1 retail nps=3 neutral").sentiment == "neutral"
    both = "{price.level- duur} maar {general+ al met al blij}"
    assert parsed(both, "== 1 retail nps=8 positive").sentiment == "positive"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("== 1 retail nps=3\nx", 1, "must begin with '@ nl 03'"),
        ("@ sv 01\n@ why = Q?\n", 1, "language, batch"),
        ("@ nl 01\n", 1, "a question"),
        ("@ nl 01\n@ retail = Q?\n", 2, "a word of its own"),
        ("@ nl 01\nhello\n", 2, "not a question"),
        (HEAD + "== x retail\n{price- a}", 5, "not the head of a comment"),
        (HEAD + "== 1 nps=3\n{price- a}", 5, "the industry is missing"),
        (HEAD + "== 1 retail\n{price- a}", 5, "the metric is missing"),
        (HEAD + "== 1 retail nps=3 retial\n{price- a}", 5, "'retial' is unknown"),
        (HEAD + "== 1 retail bank nps=3\n{price- a}", 5, "second industry"),
        (HEAD + "== 1 retail nps=3 csat=3\n{price- a}", 5, "second metric"),
        (HEAD + "== 1 retail csat=6\n{price- a}", 5, "goes from 1 to 5"),
        (HEAD + "== 1 retail nps=3\nniks", 5, "no mention is marked"),
        (HEAD + "== 1 retail nps=3 uninformative\n{price- a}", 5, "neither mentions nor"),
        (
            HEAD + "== 1 retail nps=3\n\nfoo\n{prijs- a}",
            8,
            "No theme 'prijs'. Did you mean 'price'?",
        ),
        (HEAD + "== 1 retail nps=3\nfoo\n{price a}", 7, "begins no mention"),
        (HEAD + "== 1 retail nps=3\nfoo {price- a\nb", 6, "not closed"),
        (HEAD + "== 1 retail nps=3\nfoo\n{price- a}}", 7, "closes nothing"),
        (HEAD + "== 1 retail nps=3\n{price-  }", 6, "is empty"),
        (HEAD + "== 1 retail nps=3\n{price-,price- a}", 5, "twice"),
        (HEAD + "== 1 retail nps=3 uninformative\n\n", 5, "blank"),
        (
            HEAD + "== 1 retail nps=3\n{price- a}\n== 1 retail nps=3\n{price- b}",
            7,
            "taken in line 5",
        ),
    ],
)
def test_a_mistake_has_file_and_line(text, place, said):
    with pytest.raises(FileFormatError) as caught:
        parse_markup(text, file="nl_03.txt")
    assert str(caught.value).startswith(f"nl_03.txt:{place}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_mistakes_are_listed_at_once():
    text = (
        HEAD + "== 1 retail nps=3\nx\n== 2 bank nps=99\n{price- a}\n== 3 bank nps=9\n{price- a}\n"
    )
    assert [line.split(": ")[0] for line in check_markup(text, file="f")] == ["f:5", "f:7"]
    assert check_markup(HEAD) == []


def test_numbers_keep_their_comments_when_others_come_in_between():
    one, two = "== 1 bank nps=1\n{price- a}\n", "== 2 bank nps=1\n{price- b}\n"
    before = {x.id: x.text for x in parse_markup(HEAD + one + two)}
    after = {x.id: x.text for x in parse_markup(HEAD + one + "== 3 bank nps=1\n{price- c}\n" + two)}
    assert before.items() <= after.items()


def test_only_one_batch_is_written_at_a_time():
    with pytest.raises(FileFormatError, match="0 batches"):
        write_markup([])


THEMES = st.sampled_from(["price.level", "general", "service", "quality.food"])
POLARITY = st.sampled_from(["negative", "neutral", "positive"])
WORDS = st.text(alphabet="aé {}\\=\n@#👍-", min_size=1, max_size=8).filter(lambda t: t.strip())


@st.composite
def labels(draw):
    """Comments with mentions on words of letters, some in one another."""
    words = [draw(WORDS) + "z" for _ in range(draw(st.integers(1, 4)))]
    text, mentions, starts = "", set(), []
    for word in words:
        word = word.lstrip()
        starts.append(len(text))
        text += word
        for _ in range(draw(st.integers(0, 2))):
            place = starts[draw(st.integers(0, len(starts) - 1))]
            if not any(m.start < place < m.end < len(text) for m in mentions):
                mentions.add(human_mention(draw(THEMES), draw(POLARITY), place, len(text)))
        text += " "
    ordered = sorted(mentions, key=lambda m: (m.start, -m.end, m.theme, m.polarity))
    return LabelledComment(
        id=f"lv-02-{draw(st.integers(1, 9999)):03d}",
        text=text.rstrip(), language=draw(st.sampled_from(["lv", "en"])),
        question=draw(st.sampled_from(["Kāpēc?", "Ko uzlabot?"])),
        rating=draw(st.sampled_from([None, 0, 10])), metric="nps", industry="bank",
        mentions=tuple(ordered), sentiment=usual_sentiment(ordered),
        notes=draw(st.sampled_from([(), ("irony", "wish")])),
    )  # fmt: skip


@given(st.lists(labels(), min_size=1, max_size=3, unique_by=lambda one: one.id))
def test_what_is_written_reads_the_same(made):
    assert parse_markup(write_markup(made)) == made
