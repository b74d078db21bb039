"""What analysts bring and take away: exports read as comments tables, tables written as files."""

from feedback_nlp.exports.comments import read_comments, roles_table
from feedback_nlp.exports.one_column import ParsedRatings, parse_ratings
from feedback_nlp.exports.stream import ExportStream, join_parts, open_export
from feedback_nlp.exports.writing import write_table

__all__ = [
    "ExportStream",
    "ParsedRatings",
    "join_parts",
    "open_export",
    "parse_ratings",
    "read_comments",
    "roles_table",
    "write_table",
]
