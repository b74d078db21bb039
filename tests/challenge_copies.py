"""Which comments that models learn from are nearly a challenge row."""

from feedback_nlp.tagging.labelled import LabelledComment
from feedback_nlp.tagging.labelled_figures import near_copies

ROW = "row-"


def unlabelled(name, text, language):
    """Return a comment without labels."""
    return LabelledComment(
        id=name, text=text, language=language, question="", rating=None, metric="nps",
        industry="retail", mentions=(), sentiment=None,
    )  # fmt: skip


def copies_of_rows(comments, rows, language):
    """Return pairs of a comment and a row of a language that are nearly the same."""
    of_rows = [
        unlabelled(f"{ROW}{row.id}", row.text, language) for row in rows if row.language == language
    ]
    copies = near_copies([*comments, *of_rows], threshold=0.61)
    is_row = copies[["first", "second"]].apply(lambda ids: ids.str.startswith(ROW))
    return copies[is_row["first"] != is_row["second"]].to_numpy().tolist()
