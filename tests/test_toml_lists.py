"""Long lists of phrases are read as ``tomllib`` reads them."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.resources import resource
from feedback_nlp.toml_lists import loads_toml

FILES = [
    path for folder in ("lexicons", "taxonomies", "answer_scales")
    for path in sorted(resource(folder).glob("*.toml"))
]  # fmt: skip
ODD = [
    "", "a = 1", "a = []", "a = [\n]", 'a = ["x"]', 'a = ["x",]', 'a = ["x", "y"] # why',
    'a = ["x" # why\n, "y"]', 'a = ["x" "y"]', 'a = ["x",, "y"]', 'a = [,]', 'a = ["x"\n\n,\n"y" ]',
    'a = ["x\\"y"]', 'a = ["\\u00e9"]', "a = ['x', \"y\"]", 'a = ["x\ty"]', 'a = ["x\x00"]',
    'a = ["x\ny"]', 'a = ["x"]\r\nb = ["y",\r\n"z"]', 'a = ["x"]\rb = 1', 'a = ["x"] b = 1',
    'a = ["x"]\na = ["y"]', '[a]\nb = ["x"]\n[a]\n', 'a.b = ["x"]\na.c = ["y"]', 'a..b = ["x"]',
    '"a" = ["x"]', 'a = """\nb = ["x"]\n"""', "a = '''\nb = [\"x\"]\n'''", 'a = ["x", ["y"]]',
    'a = [["x"], ["y"]]', 'a = [\n{ b = ["x"] },\n]', 'a = { b = ["x"] }', '[[a]]\nb = ["x"]\n[[a]]',
    'a = ["x"', 'a = "x"]', '# a = ["x"]', 'a = "\ue0000"', 'a = ["\ue0000"]', ' a\t= [ "x" ] ',
    'a = 1\nb = ["x"]\nc = 2.5\nd = 1979-05-27\ne = true\n= 3', '\ufeffa = ["x"]', 'é = ["x"]',
    'a = "\\ue0000"\nb = ["x"]', 'a = "\\U0000E0000"\nb = ["x"]', 'a = ["x"]\x0b', 'a = [\x0b"x"]', 'a = ["x\x7f"]', 'a = [""]', 'a = ["", "x"]', 'a = [""""]',
]  # fmt: skip


def outcome(read, text):
    """Return what is read, keys in their order, or the message why it cannot be."""
    try:
        return repr(read(text))
    except tomllib.TOMLDecodeError as error:
        return str(error)


@pytest.mark.parametrize("path", FILES, ids=lambda path: Path(path).stem)
def test_our_own_files(path):
    text = path.read_text("utf-8")
    assert repr(loads_toml(text)) == repr(tomllib.loads(text))


@pytest.mark.parametrize("text", ODD)
def test_odd_documents(text):
    assert outcome(loads_toml, text) == outcome(tomllib.loads, text)


PARTS = [
    "a",
    "b.c",
    " = ",
    "[",
    "]",
    '"x"',
    '"',
    "'",
    ",",
    "\n",
    " ",
    "#",
    "\\",
    "{",
    "}",
    "1",
    "[d]",
]


@given(st.lists(st.sampled_from(PARTS), max_size=25).map("".join))
def test_any_document(text):
    assert outcome(loads_toml, text) == outcome(tomllib.loads, text)


LINES = ["a", "b", "c.d"]
VALUES = st.lists(st.text(max_size=6), max_size=4).map(
    lambda words: "[" + ", ".join(f'"{word}"' for word in words) + "]"
)


@given(st.lists(st.tuples(st.sampled_from(LINES), VALUES), max_size=4))
def test_lists_of_any_strings(rows):
    text = "\n".join(f"{key} = {value}" for key, value in rows)
    assert outcome(loads_toml, text) == outcome(tomllib.loads, text)


def test_a_long_list_that_never_ends_takes_no_longer(time_grows_with_length):
    assert time_grows_with_length(
        lambda text: outcome(loads_toml, text), "a = [" + '"x", ' * 40_000 + "\n" * 4_000
    )
