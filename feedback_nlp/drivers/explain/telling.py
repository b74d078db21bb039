"""Findings put into words: the same numbers, in any of the report languages."""

from collections.abc import Collection

from feedback_nlp.drivers.explain.explanation import Explanation, Reason
from feedback_nlp.drivers.explain.findings import Compared, Finding, Findings, Part, display_name
from feedback_nlp.drivers.explain.limits import limits
from feedback_nlp.drivers.explain.sentences import opening, reason_sentences, why_none
from feedback_nlp.wordings import Wording, wording_in


def tell(found: Findings, language: str = "en") -> Explanation:
    """Return what was found, in words.

    Args:
        found: The numbers, such as ``explanation.findings``.
        language: ``en``, ``nl``, ``nb`` or ``lv``.

    Raises:
        FeedbackError: There are no words in that language.

    Example:
        >>> from feedback_nlp.drivers import explain_detractors
        >>> from feedback_nlp.schema import mentions_table
        >>> import pandas as pd
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "text": ["", ""], "nps": [3, 9]})
        >>> found = explain_detractors(comments, mentions_table([], [])).findings
        >>> tell(found, "nl").sentences[1]
        'Niemand gaf een leesbare toelichting, dus over het waarom valt niets te zeggen.'
    """
    said = wording_in(language)
    return Explanation(
        title=said.say(f"title.{found.notes['metric']}"),
        score=found.score,
        table=found.table,
        reasons=tuple(_reason(reason, found, said) for reason in found.reasons),
        sentences=tuple(opening(found, said)),
        limits=tuple(limits(found, said)),
        why_none=why_none(found, said),
        language=language,
        findings=found,
    )


def _reason(reason: Finding, found: Findings, said: Wording) -> Reason:
    name = found.name(reason.theme, said.language)
    parts = tuple((_part_name(part, name, found, said), part.n) for part in reason.parts)
    return Reason(
        theme=reason.theme,
        name=name,
        sentence=" ".join(reason_sentences(reason, found, said)),
        n=reason.low.n,
        share=reason.low.share,
        share_others=reason.others.share,
        points_lost=reason.points_lost,
        adjusted_gain=reason.adjusted_gain,
        companion=reason.companion,
        words=reason.words,
        compared=reason.compared,
        parts=parts,
        asides=tuple(_asides(reason, parts, found, said)),
        quotes=reason.quotes,
    )


def _part_name(part: Part, name: str, found: Findings, said: Wording) -> str:
    """Return the name of a sub-theme without that of its theme, whichever it is shown with."""
    made = display_name(part.theme.partition(".")[0])
    shown = found.name(part.theme, said.language)
    return shown.removeprefix(f"{name}: ").removeprefix(f"{made}: ")


def _asides(
    reason: Finding, named: tuple[tuple[str, int], ...], found: Findings, said: Wording
) -> list[str]:
    """Return the lines beneath a reason: its sub-themes and its words."""
    lines = []
    if reason.parts:
        parts = [
            said.say(
                "list.part", n, name=name, lost=said.amount(part.points_lost, found.notes["unit"])
            )
            for (name, n), part in zip(named, reason.parts, strict=True)
        ]
        lines.append(said.say("list.parts", parts=said.listed(parts)))
    if reason.words and reason.compared:
        lines.append(_compared(reason.words, reason.compared, said))
    return lines


def _compared(words: Collection[str], compared: Compared, said: Wording) -> str:
    """Return the words that stand out, and in how many comments against how many."""
    written, own, others = ", ".join(words), compared.n, compared.n_others
    if not compared.is_sample:
        return said.say("list.words", words=written, own=own, others=others)
    return said.say(
        "words.list_sample", words=written, own=own, of=compared.of, others=others,
        of_others=compared.of_others,
    )  # fmt: skip
