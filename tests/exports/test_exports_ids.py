"""Every comment has an id of its own, every respondent is counted once, and all rows are accounted for."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.exports import read_comments
from feedback_nlp.schema import check_comments, info

TEXT = "The delivery was quick and the driver friendly"


def read(folder, columns, **options):
    pd.DataFrame(columns).to_csv(folder / "a.csv", index=False)
    return read_comments(folder / "a.csv", **options)


def table(n, **more):
    return {**more, "nps": [9, 0, 10, 3][:n], "comment": [f"{TEXT} {i}" for i in range(n)]}


def test_unique_ids_are_kept(tmp_path):
    comments = read(tmp_path, table(3, id=["x", "y", "z"]))
    assert comments["comment_id"].tolist() == comments["respondent_id"].tolist() == ["x", "y", "z"]


def test_without_ids_rows_are_numbered(tmp_path):
    assert read(tmp_path, table(2))["comment_id"].tolist() == ["row 1", "row 2"]


def test_rows_of_several_files_carry_their_file(tmp_path):
    for name in ("march", "april"):
        pd.DataFrame(table(2)).to_csv(tmp_path / f"{name}.csv", index=False)
    comments = read_comments([tmp_path / "march.csv", tmp_path / "april.csv"])
    assert comments["comment_id"].tolist() == [
        "march row 1",
        "march row 2",
        "april row 1",
        "april row 2",
    ]


def test_files_of_the_same_name_are_told_apart(tmp_path):
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        pd.DataFrame(table(1)).to_csv(tmp_path / name / "a.csv", index=False)
    comments = read_comments([tmp_path / "x" / "a.csv", tmp_path / "y" / "a.csv"])
    assert comments["comment_id"].tolist() == ["a 1 row 1", "a 2 row 1"]


def test_a_file_that_is_called_like_the_number_of_another(tmp_path):
    for name in ("a 2.csv", "a.csv", "a.txt"):
        pd.DataFrame(table(2, id=[1, 2])).to_csv(tmp_path / name, index=False)
    ids = read_comments(tmp_path)["comment_id"]
    assert ids.tolist() == ["a 2 1", "a 2 2", "a 2 (2) 1", "a 2 (2) 2", "a 3 1", "a 3 2"]


def test_ids_that_start_again_in_each_file(tmp_path):
    for name in ("march", "april"):
        pd.DataFrame(table(2, id=[1, 2])).to_csv(tmp_path / f"{name}.csv", index=False)
    comments = read_comments([tmp_path / "march.csv", tmp_path / "april.csv"])
    assert comments["respondent_id"].tolist() == ["march 1", "march 2", "april 1", "april 2"]
    assert any("start again in each file" in note for note in info(comments)["notes"])


def test_ids_that_repeat_are_respondents(tmp_path):
    comments = read(tmp_path, table(3, id=["a", "a", "b"]))
    assert comments["comment_id"].tolist() == ["a/1", "a/2", "b/1"]
    assert comments["respondent_id"].tolist() == ["a", "a", "b"]
    assert any("repeat" in note for note in info(comments)["notes"])


def test_id_and_respondent_side_by_side(tmp_path):
    comments = read(
        tmp_path, table(3, **{"response id": [1, 2, 3], "customer id": ["k", "k", "m"]})
    )
    assert comments["comment_id"].tolist() == ["1", "2", "3"]
    assert comments["respondent_id"].tolist() == ["k", "k", "m"]


def test_blank_ids_get_their_row_number(tmp_path):
    comments = read(tmp_path, table(3, id=["a", "", "c"]))
    assert comments["comment_id"].tolist() == ["a", "row 2", "c"]


def test_a_row_number_counts_rows_that_were_set_aside(tmp_path):
    (tmp_path / "a.csv").write_text("nps,comment\n9,Fine,no\n3,Slow\n")
    assert read_comments(tmp_path / "a.csv", set_aside=True)["comment_id"].tolist() == ["row 2"]


@pytest.mark.parametrize(
    ("header", "role"),
    [("Response ID", "id"), ("antwoord_id", "id"), ("Svar-ID", "id"), ("#", None), ("klantnummer", "respondent"), ("Kundenummer", "respondent"),
     ("Klienta ID", "respondent"), ("Teilnehmer-Nr", "respondent"), ("ID client", "respondent"), ("ID de respuesta", "id"), ("product id", None)],
)  # fmt: skip
def test_id_headers(tmp_path, header, role):
    comments = read(tmp_path, table(4, **{header: ["p1", "p2", "p3", "p4"]}))
    roles = {entry["column"]: entry["role"] for entry in info(comments)["roles"]}
    assert roles[header] == (role or "other")


cells = st.sampled_from(["", "0", "7", "10", "11", "n/a", "x"])
texts = st.sampled_from(["", "  ", TEXT, "Slow", "=1+1"])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["", "a", "b", "a/1"]), cells, texts, texts),
        min_size=1,
        max_size=12,
    )
)
def test_all_sums_add_up(tmp_path_factory, rows):
    rows = [*rows, ("z", "9", TEXT, TEXT)]
    frame = pd.DataFrame(rows, columns=["id", "nps", "What was good?", "What was bad?"])
    path = tmp_path_factory.mktemp("x") / "a.csv"
    frame.to_csv(path, index=False)
    comments = read_comments(
        path,
        id="id",
        text=["What was good?", "What was bad?"],
        ratings={"nps": "nps"},
        scales={"nps": "0-10"},
        set_aside=True,
    )
    noted = info(comments)
    assert (
        noted["rows"]["read"]
        == len(rows)
        == noted["rows"]["used"] + sum(noted["rows"]["set_aside"].values())
    )
    assert len(comments) == noted["comments"]["total"] == 2 * noted["rows"]["used"]
    used_ratings = frame["nps"].isin(["0", "7", "10", "9"]).sum()
    refused = sum(noted["ratings_set_aside"].get("nps", {}).values())
    refused += sum(
        n for why, n in noted["rows"]["set_aside"].items() if why.endswith(", and no comment")
    )
    assert comments["nps"].notna().sum() == 2 * used_ratings
    assert used_ratings + refused + frame["nps"].isin(["", "n/a"]).sum() == len(rows)
    check_comments(comments)
