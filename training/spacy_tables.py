"""Write what spaCy's rules say of most comments to ``data/spacy``: special cases and our phrases.

    python training/spacy_tables.py [--out data/spacy]

Run it after a change of a phrase list or of the version of spaCy; a test tells when. Nothing but
the time that the first comment takes depends on it: what is not in a table is left to spaCy.
"""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

from feedback_nlp.lexicon import UNIVERSAL, load_lexicon
from feedback_nlp.records import LANGUAGES
from feedback_nlp.spacy_rules import special_joins
from feedback_nlp.spacy_tables import spacy_version
from feedback_nlp.taxonomy import load_taxonomy
from feedback_nlp.tokens import spacy_pipeline, words_afresh

ROOT = Path(__file__).resolve().parent.parent
PLAIN = re.compile(r"[^\W\d_][\w'’-]*[^\W\d_]")
CODES = (*LANGUAGES, UNIVERSAL)


def table_of(language: str) -> str:
    """Return the file of a language."""
    special = sorted(spacy_pipeline(language).tokenizer.rules)
    words = {word for word in words_of_phrases(language) if not word.isalpha() or word in special}
    words |= {word.capitalize() for word in words}
    words |= {case for case in special if PLAIN.fullmatch(case)}
    content = {
        "spacy": spacy_version(),
        "special": special,
        "joins": special_joins(language),
        "words": {w: [one for one, _, _ in words_afresh(w, language)] for w in sorted(words)},
    }
    lines = [
        f'"{name}": {json.dumps(of_it, ensure_ascii=False)}' for name, of_it in content.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def words_of_phrases(language: str) -> set[str]:
    """Return the words of all phrases that are looked for in a language."""
    words = {word.strip("*") for phrase in phrases(language) for word in phrase.lower().split()}
    return words - {"", ".."}


def phrases(language: str) -> Iterator[str]:
    """Yield themes, opinions and function words, without the signs of a veto."""
    lists = [theme.phrases.get(language, ()) for theme in load_taxonomy().themes]
    for code in (language, UNIVERSAL):
        lexicon = load_lexicon(code)
        lists += [*lexicon.opinion.values(), *lexicon.words.values()]
    for found in lists:
        yield from (phrase.removeprefix("!") for phrase in found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "spacy")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for language in CODES:
        path = out / f"{language}.json"
        path.write_text(table_of(language), "utf-8")
        print(path)


if __name__ == "__main__":
    main()
