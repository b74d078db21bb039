"""What people write, in words: terms counted per comment, and clouds of them."""

from feedback_nlp.words.clouds import Cloud, word_cloud
from feedback_nlp.words.emerging import emerging_words
from feedback_nlp.words.emerging_notes import emerging_sentences
from feedback_nlp.words.emerging_untagged import untagged_sentences, untagged_terms
from feedback_nlp.words.function_words import stop_words
from feedback_nlp.words.keyness import keyness
from feedback_nlp.words.marking import MarkingTerm, code_comments, marking_terms
from feedback_nlp.words.odds import LogOdds, g2, log_odds
from feedback_nlp.words.tables import term_table
from feedback_nlp.words.terms import comment_terms

__all__ = [
    "Cloud",
    "LogOdds",
    "MarkingTerm",
    "code_comments",
    "comment_terms",
    "emerging_sentences",
    "emerging_words",
    "g2",
    "keyness",
    "log_odds",
    "marking_terms",
    "stop_words",
    "term_table",
    "untagged_sentences",
    "untagged_terms",
    "word_cloud",
]
