"""The answer in words, and how it shows itself as text, Markdown and HTML.

Quotes are customers' own words: whatever they typed is escaped here and never taken as markup.
"""

from dataclasses import dataclass, field

import pandas as pd

from feedback_nlp.display import Span, between, big, folded, interval_bar, marked, section
from feedback_nlp.drivers.explain.findings import Companion, Compared, Estimate, Findings, Quote
from feedback_nlp.markup import escape_html as _html
from feedback_nlp.markup import escape_markdown as _md
from feedback_nlp.records import UNKNOWN_LANGUAGE, Score
from feedback_nlp.showing import blanked
from feedback_nlp.wordings import Wording, wording_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One theme that sets detractors apart.

    Attributes:
        theme: Its id.
        name: Its display name.
        sentence: The figures in words.
        n: Detractors who blame it.
        share: Their share of all detractors, 0–1, with its Wilson interval.
        share_others: The share of all others who blame it.
        points_lost: What it stands for in the distance from the maximum.
        adjusted_gain: How much higher the score would be if those who blame it had scored like
            those who say the same otherwise.
        companion: The reason with a larger ``adjusted_gain`` that a quarter and more of those who
            blame this one blame as well, if there is one.
        words: Terms that mark what detractors say of it.
        compared: How many comments these are from, and were compared with; nothing without words.
        parts: Display name and number of detractors of each sub-theme that enough blame.
        asides: Words and sub-themes as they are said.
        quotes: What detractors wrote.
    """

    theme: str
    name: str
    sentence: str
    n: int
    share: Estimate
    share_others: Estimate
    points_lost: Estimate
    adjusted_gain: Estimate
    companion: Companion | None = None
    words: tuple[str, ...] = ()
    compared: Compared | None = None
    parts: tuple[tuple[str, int], ...] = ()
    asides: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """Why the low group is unhappy, as far as the data can say.

    Attributes:
        title: What it explains.
        score: The score of all respondents.
        table: The driver table it rests on.
        reasons: The themes that set the low group apart, the largest ``adjusted_gain`` first;
            empty if none can be given.
        sentences: The answer, to be read first.
        limits: What cannot be said, and why.
        why_none: Why there is no reason; empty if there is one.
        language: The language it is said in, ISO 639-1.
        findings: The numbers; ``tell`` says them in another language.
    """

    title: str
    score: Score
    table: pd.DataFrame
    reasons: tuple[Reason, ...]
    sentences: tuple[str, ...]
    limits: tuple[str, ...]
    why_none: str
    language: str
    findings: Findings = field(repr=False)

    def to_markdown(self) -> str:
        """Return the explanation as Markdown, customers' words escaped."""
        said = wording_in(self.language)
        lines = [f"# {_md(self.title)}", "", "\n\n".join(map(_md, self.sentences)), ""]
        for place, reason in enumerate(self.reasons, 1):
            lines += [f"## {place}. {_md(reason.name)}", "", _md(reason.sentence), ""]
            lines += [_md(line) + "\n" for line in reason.asides]
            for quote in reason.quotes:
                lines += [f"> {_md(quoted(quote.text, said))} ({_md(source(quote, said))})", ""]
        lines += [f"## {_md(said.say('title.limits'))}", ""]
        return "\n".join(lines + [f"- {_md(limit)}" for limit in self.limits]) + "\n"

    def _repr_html_(self) -> str:
        said = wording_in(self.language)
        score, notes = self.score, self.findings.notes
        ends = (float(notes["minimum"]), float(notes["maximum"]))
        bar = interval_bar(score.value, score.low, score.high, ends, label=self.sentences[0])
        written = said.exactly(ends[0]), said.maximum(ends[1], score.unit)
        first, *others = (f"<p>{_html(sentence)}</p>" for sentence in self.sentences)
        most = max((reason.adjusted_gain.high for reason in self.reasons), default=0.0)
        reasons = "".join(
            f'<li style="margin:.8em 0">{_reason_html(reason, self, most)}</li>'
            for reason in self.reasons
        )
        return section(
            self.title,
            big(said.figure(score.value, score.unit), between(bar, *written)),
            first,
            *others,
            f"<ol>{reasons}</ol>" if reasons else "",
            folded(said.say("title.limits"), self.limits),
            lang=self.language,
        )

    def __str__(self) -> str:
        said = wording_in(self.language)
        lines = [self.title, "", *self.sentences, ""]
        for place, reason in enumerate(self.reasons, 1):
            lines += [f"{place}. {reason.name}. {reason.sentence}"]
            lines += [f"   {aside}" for aside in reason.asides]
            lines += [f"   {quoted(q.text, said)} ({source(q, said)})" for q in reason.quotes]
        lines += ["", said.say("title.limits"), *(f"- {limit}" for limit in self.limits)]
        return "\n".join(blanked(line) for line in lines)


def source(quote: Quote, said: Wording) -> str:
    """Return rating, date and segment, as shown behind a quote.

    Example:
        >>> source(Quote(text="Late", start=0, end=4, rating=3), wording_in("nl"))
        'beoordeling 3'
    """
    rating = said.exactly(quote.rating)
    parts = [said.say("mark.rating", rating=rating)]
    parts += [said.date(quote.date)] if quote.date else []
    return ", ".join(parts + ([quote.segment] if quote.segment else []))


def quoted(text: str, said: Wording) -> str:
    """Return a text between the quotation marks of the language."""
    return said.say("mark.quote", text=text)


def _reason_html(reason: Reason, explanation: Explanation, most: float) -> str:
    """Return a reason: its gain as a bar with its interval, the figures in words, the quotes."""
    said, unit = wording_in(explanation.language), explanation.score.unit
    gain = reason.adjusted_gain
    span = said.span(gain.low, gain.high, unit)
    figure = said.amount(gain.value, unit)
    sure = said.interval(explanation.findings.notes["confidence"], span)
    bar = interval_bar(
        gain.value, gain.low, gain.high, (min(gain.low, 0.0), most), label=f"{figure}, {sure}",
        tone="negative", width=180,
    )  # fmt: skip
    asides = "".join(f"<br><small>{_html(line)}</small>" for line in reason.asides)
    quotes = "".join(_quote_html(quote, said) for quote in reason.quotes)
    return (
        f"<strong>{_html(reason.name)}.</strong> {bar} {_html(figure)} "
        f"<small>({_html(sure)})</small><br>{_html(reason.sentence)}{asides}{quotes}"
    )


def _quote_html(quote: Quote, said: Wording) -> str:
    """Return a quote in its own language, its source in that of the explanation."""
    before, after = map(_html, said.say("mark.quote", text="\n").split("\n"))
    known = quote.language not in ("", UNKNOWN_LANGUAGE)
    language = f' lang="{_html(quote.language)}"' if known else ' lang=""'
    evidence = Span(start=quote.start, end=quote.end, tone="negative")
    return (
        f'<blockquote style="margin:.4em 0 .4em 1em">{before}<span{language}>'
        f"{marked(quote.text, [evidence])}</span>{after} "
        f"<small>{_html(source(quote, said))}</small></blockquote>"
    )
