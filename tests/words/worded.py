"""Small surveys for the tests of words."""

import pandas as pd


def survey(*groups, language="en"):
    """Comments from (number, rating, text) groups."""
    rows = [(rating, text) for n, rating, text in groups for _ in range(n)]
    frame = pd.DataFrame(rows, columns=["nps", "text"])
    frame.insert(0, "comment_id", [f"c{i}" for i in range(len(frame))])
    return frame.assign(language=language)


def row(table, term):
    return table.set_index("term").loc[term]
