"""Only texts with a word of a cue are searched for names: nothing may be missed by that."""

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.privacy.names import CUES, find_names, may_hold_name, search_names

CUE = st.sampled_from(CUES).flatmap(st.from_regex)
CASE = st.sampled_from((str, str.lower, str.upper, str.title))
NAMES = st.sampled_from((" Kari", " Sanne Bakker", " van Dijk", ": Ola Nordmann", " KARI", ""))
PIECE = st.one_of(
    CUE,
    st.text(max_size=8),
    st.sampled_from((" ", "M. Dupont", "à M. Dupont", "thankſ to", "MR", "I\u0307 my name", "sır")),
)


@settings(max_examples=600)
@given(st.lists(st.tuples(PIECE, NAMES, CASE), max_size=4))
def test_names_are_found_as_if_every_text_were_searched(parts):
    text = " ".join(case(piece + name) for piece, name, case in parts)
    assert list(find_names(text)) == list(search_names(text))


@settings(max_examples=600)
@given(CUE)
def test_a_cue_may_hold_a_name(cue):
    assert may_hold_name(cue)


def test_letters_that_only_look_alike_where_case_is_ignored_are_seen():
    assert list(find_names("mıster X, thankſ to Kari")) == [("name", 20, 24)]
