"""Which columns hold the comments, and which one the question that was asked."""

from feedback_nlp.errors import ColumnError
from feedback_nlp.exports.profiles import Profile
from feedback_nlp.exports.roles import Given, Roles
from feedback_nlp.exports.wordings import (
    PRAISE_OR_BLAME,
    QUESTION,
    QUESTION_WORDS,
    STAFF,
    TEXT,
    TITLE,
)


def _is_question(p: Profile) -> bool:
    """Return whether a header asks something: several such columns are several questions."""
    return p.name.rstrip(" *").endswith("?") or bool(
        QUESTION_WORDS.search(p.words) or PRAISE_OR_BLAME.search(p.words)
    )


def keeps_wording(header: str) -> bool:
    """Return whether a header is the wording of a question, worth keeping beside the answers."""
    return "?" in header or len(header.split()) >= 4


def find_texts(profiles: dict[str, Profile], given: Given, roles: Roles) -> None:
    """Find the columns with the comments: one, or several open questions.

    Raises:
        ColumnError: Several columns could hold the comments and are not each a question.
    """
    if given.text is not None:
        return
    free = [
        p for p in profiles.values() if p.name not in roles.taken and not QUESTION.search(p.words)
    ]
    found = _text_candidates(free)
    if not found:
        return
    if len(found) > 1 and not all(_is_question(p) for p in found):
        names = [p.name for p in found]
        count = {2: "Two", 3: "Three"}.get(len(names), str(len(names)))
        options = " or ".join(f"--text {name!r}" for name in names)
        listed = ", ".join(map(repr, names[:-1])) + f" and {names[-1]!r}"
        raise ColumnError(
            f"{count} columns could hold the comments: {listed}. Which one? Add {options} (or "
            f"{'both' if len(names) == 2 else 'several'})."
        )
    for p in found:
        said = (
            "header says comment"
            if TEXT.search(p.words)
            else "header asks a question"
            if _is_question(p)
            else "the only free text"
        )
        more = "; one of several open questions" if len(found) > 1 else ""
        roles.texts.append(p.name)
        roles.add(
            "text",
            p.name,
            f"{said}; {p.length:.0f} words on average, {p.levels} different answers{more}",
        )

    for p in free:
        named = TEXT.search(p.words) and p.letters >= 0.5 and not (p.coded or p.yes_no or p.groups)
        if p not in found and (p.free_text or named) and not TITLE.search(p.words):
            roles.notes.append(
                f"{p.name!r} holds text too and was not read as comments. "
                f"Add --text {p.name!r} (beside the others) to read it."
            )


def _text_candidates(free: list[Profile]) -> list[Profile]:
    """Return the columns whose header says comment, else those that people wrote in."""

    def written(p: Profile) -> bool:
        return (
            p.letters >= 0.5
            and p.dates < 0.5
            and p.numeric < 0.5
            and not (p.links or p.coded or p.yes_no or p.groups)
            and (p.worded is None or bool(TEXT.search(p.words)))
        )

    named = [
        p
        for p in free
        if (TEXT.search(p.words) or _is_question(p)) and (written(p) or p.filled == 0)
    ]
    for refused in (STAFF, TITLE):
        rest = [p for p in named if not refused.search(p.words)]
        other_text = any(p.free_text and not refused.search(p.words) for p in free)
        named = rest if rest or other_text else named
    if any(p.free_text for p in named):
        named = [p for p in named if p.length >= 2 or _is_question(p)]
    asked = [p for p in named if p.filled or _is_question(p)]
    if asked:
        return [p for p in asked if p.filled] if not all(_is_question(p) for p in asked) else asked
    plain_texts = [p for p in free if p.free_text and not TITLE.search(p.words)] or [
        p for p in free if p.free_text
    ]
    longest = max((p.length for p in plain_texts), default=0.0)
    return [p for p in plain_texts if p.length > longest / 3] or named[:1]


def find_question(profiles: dict[str, Profile], given: Given, roles: Roles) -> None:
    """Find the column with the wording of the question, where there is one column of comments."""
    if given.question is not None or len(roles.texts) != 1:
        return
    for p in profiles.values():
        if p.name in roles.taken or not p.filled:
            continue
        few = p.levels <= 50 and (p.levels <= 0.2 * p.filled or p.filled < 50)
        if (
            few
            and p.letters > 0.5
            and (QUESTION.search(p.words) or (p.questions > 0.8 and p.length >= 3))
        ):
            roles.question = p.name
            roles.add("question", p.name, f"{p.levels} wordings of questions beside the answers")
            return
