"""What analysts bring and take away: exports read as comments tables, tables written as files."""

from feedback_nlp.exports.comments import read_comments, roles_table
from feedback_nlp.exports.one_column import ParsedRatings, parse_ratings
from feedback_nlp.exports.writing import write_table

__all__ = ["ParsedRatings", "parse_ratings", "read_comments", "roles_table", "write_table"]
