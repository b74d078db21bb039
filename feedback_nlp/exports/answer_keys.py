"""How the words of an answer are compared: case, accents, marks and endings make no difference."""

import re

from feedback_nlp.exports.wordings import unaccented

MAX_LENGTH = 120  # no label of a scale is longer

# soft hyphens, joiners, marks of direction, variation selectors, skin tones, tags
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u20e3\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]"
)
_SAYS = re.compile(
    "[^\\W_]+|[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]+"
)  # words and pictures
_ENDINGS = re.compile(r"(?<=[a-z]{3})(?: ?[(/·.]-?(?:es|as|os|e|s|a|o|i)\)?(?![a-z]))+")


def visible(text: str) -> str:
    r"""Return a text without what does not show: joiners, marks of direction, skin tones.

    Example:
        >>> visible("\u202e👍🏽\ufe0f 5\ufe0f\u20e3")
        '👍 5'
    """
    return _UNSEEN.sub("", text).replace("🔟", "10")


def answer_key(text: str) -> str:
    """Return what an answer is looked up by: plain words and symbols, one blank between them.

    Endings that name both genders are left out, so "satisfait(e)" is "satisfait". A text that is
    longer than any label has no key.

    Example:
        >>> answer_key(" Tout à fait d’accord. "), answer_key("SATISFECHO/A"), answer_key("👍🏽")
        ('tout a fait d accord', 'satisfecho', '👍')
    """
    if len(text) > 2 * MAX_LENGTH:
        return ""
    plain = _ENDINGS.sub("", unaccented(visible(text)))
    key = " ".join(_SAYS.findall(plain))
    return key if len(key) <= MAX_LENGTH else ""


def exact_key(text: str) -> str:
    """Return an answer as it was written, but for case and blanks: "A+" is not "A".

    Example:
        >>> exact_key(" A+ "), exact_key("++")
        ('a+', '++')
    """
    return " ".join(visible(text).casefold().split()) if len(text) <= 2 * MAX_LENGTH else ""
