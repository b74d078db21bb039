"""What people write, in words: terms counted per comment, and clouds of them."""

from feedback_nlp.words.clouds import Cloud, word_cloud
from feedback_nlp.words.function_words import stop_words
from feedback_nlp.words.tables import term_table
from feedback_nlp.words.terms import comment_terms

__all__ = ["Cloud", "comment_terms", "stop_words", "term_table", "word_cloud"]
