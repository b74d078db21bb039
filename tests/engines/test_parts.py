"""An export in parts gives what it gives in memory, however it is cut and whoever tags it."""

import io
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from feedback_nlp import load_tagger, read_comments, write_table
from feedback_nlp.engines.output import regrouped
from feedback_nlp.engines.partition import tagger_spec
from feedback_nlp.engines.tables import MOST_CATEGORIES, CategoriesOfAll, with_categories
from feedback_nlp.errors import FileFormatError, ModelError
from feedback_nlp.schema import check_mentions, info

FORMATS = ["csv", "tsv", "jsonl", "json", "parquet", "xlsx", "md", "csv.gz", "jsonl.gz"]


def whole(frames):
    frames = list(frames)
    out = pd.concat(frames, ignore_index=True)
    out.attrs = frames[0].attrs
    return out


def assert_same(found, wanted):
    pd.testing.assert_frame_equal(found, wanted)
    assert found.attrs == wanted.attrs


@pytest.mark.parametrize("part_rows", [37, 150, 300, 301, 5000])
def test_parts_together_are_what_is_tagged_in_memory(tag_in_parts, in_memory, part_rows):
    with tag_in_parts(part_rows=part_rows) as tagged:
        assert tagged.number == -(-301 // part_rows)
        assert_same(whole(tagged.comments()), in_memory.comments)
        assert_same(whole(tagged.mentions()), in_memory.mentions)
        for part in tagged.parts():
            check_mentions(part.mentions, part.comments)
        statuses = in_memory.comments["status"].value_counts()
        assert tagged.counts["comments"] == len(in_memory.comments)
        assert tagged.counts["mentions"] == len(in_memory.mentions)
        assert tagged.counts["with_theme"] == in_memory.mentions["comment_id"].nunique()
        assert tagged.counts["statuses"] == statuses.to_dict()
        assert len(tagged.head) == 0
        assert info(tagged.head) == info(in_memory.comments)


@pytest.mark.parametrize("ending", FORMATS)
def test_files_have_the_same_bytes_however_it_is_cut(tag_in_parts, in_memory, tmp_path, ending):
    write_table(in_memory.mentions, tmp_path / f"wanted.{ending}")
    write_table(in_memory.comments, tmp_path / f"wanted_comments.{ending}")
    for part_rows in (50, 170):
        with tag_in_parts(part_rows=part_rows) as tagged:
            tagged.write_mentions(tmp_path / f"mentions.{ending}")
            tagged.write_comments(tmp_path / f"comments.{ending}")
        for found, wanted in (("mentions", "wanted"), ("comments", "wanted_comments")):
            made = (tmp_path / f"{found}.{ending}").read_bytes()
            assert made == (tmp_path / f"{wanted}.{ending}").read_bytes()


def test_two_workers_find_what_one_finds(tag_in_parts, in_memory):
    told = []
    with tag_in_parts(workers=2, progress=lambda *at: told.append(at)) as tagged:
        assert_same(whole(tagged.comments()), in_memory.comments)
        assert_same(whole(tagged.mentions()), in_memory.mentions)
    done = [at for at in told if at[0] == "finding themes"]
    assert done[0] == ("finding themes", 0, 301)
    assert done[-1] == ("finding themes", 301, 301)
    assert done == sorted(done)


@pytest.mark.parametrize("part_rows", [60, 5000])
def test_nothing_is_left_behind(tag_in_parts, tmp_path, part_rows):
    with tag_in_parts(part_rows=part_rows) as tagged:
        assert (tagged.work is not None) == (part_rows == 60)
        assert any(tmp_path.iterdir()) == (part_rows == 60)
    assert list(tmp_path.iterdir()) == []


def test_an_export_of_one_part_makes_no_folder_at_all(tag_in_parts, tmp_path):
    with tag_in_parts(work=tmp_path / "no" / "folder", part_rows=301) as tagged:
        assert tagged.number == 1


def test_a_part_without_mentions_keeps_the_columns(tag_in_parts, tmp_path):
    rows = ["comment,nps", *["Too expensive,2"] * 3, *["-,9"] * 3]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(rows))
    with tag_in_parts(path, part_rows=3, reading={"text": "comment"}) as tagged:
        first, second = tagged.mentions()
        assert (len(first), len(second)) == (3, 0)
        assert_same(whole([first, second]), first)
        tagged.write_mentions(tmp_path / "mentions.parquet")
        tagged.write_mentions(tmp_path / "mentions.json")
    assert_same(pd.read_parquet(tmp_path / "mentions.parquet"), first)
    assert len(pd.read_json(tmp_path / "mentions.json")) == 3


def test_no_mentions_at_all(tag_in_parts, tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(["comment,nps", *["-,9"] * 5]))
    wanted = load_tagger("rules").tag_frame(read_comments(path, text="comment")).mentions
    with tag_in_parts(path, part_rows=2, reading={"text": "comment"}) as tagged:
        assert tagged.counts["mentions"] == 0
        for ending in ("csv", "jsonl", "json", "parquet"):
            tagged.write_mentions(tmp_path / f"found.{ending}")
            write_table(wanted, tmp_path / f"wanted.{ending}")
            made = (tmp_path / f"found.{ending}").read_bytes()
            assert made == (tmp_path / f"wanted.{ending}").read_bytes(), ending


def test_a_carriage_return_in_any_part_quotes_all_of_them(tag_in_parts, tmp_path):
    texts = ["Too expensive", "Staff rude\rand slow", "Late delivery", "Great staff"]
    path = tmp_path / "answers.csv"
    frame = pd.DataFrame({"comment": texts, "nps": [1, 2, 3, 9]})
    write_table(frame, path)
    tagging = load_tagger("rules").tag_frame(read_comments(path, text="comment"))
    write_table(tagging.comments, tmp_path / "wanted.csv")
    with tag_in_parts(path, part_rows=1, reading={"text": "comment"}) as tagged:
        tagged.write_comments(tmp_path / "found.csv")
    assert (tmp_path / "found.csv").read_bytes() == (tmp_path / "wanted.csv").read_bytes()


def test_several_comments_of_a_row_stay_together(tag_in_parts, tmp_path):
    rows = ["id,nps,What was good?,What could be better?"]
    rows += [f"{n},{n % 11},Friendly staff,Delivery was late" for n in range(7)]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(rows))
    wanted = load_tagger("rules").tag_frame(read_comments(path))
    with tag_in_parts(path, part_rows=3) as tagged:
        assert [len(part.comments) for part in tagged.parts()] == [6, 6, 2]
        assert_same(whole(tagged.comments()), wanted.comments)


def test_standard_input_is_put_aside(tag_in_parts, export, in_memory, monkeypatch):
    piped = SimpleNamespace(buffer=io.BytesIO(export.read_bytes()))
    monkeypatch.setattr(sys, "stdin", piped)
    with tag_in_parts("-") as tagged:
        assert tagged.number > 1
        pd.testing.assert_frame_equal(whole(tagged.mentions()), in_memory.mentions)


def test_a_file_in_its_place_is_not_touched(tag_in_parts, tmp_path):
    work = tmp_path / ".mentions.csv.work"
    work.mkdir()
    (work / "diary.txt").write_text("mine")
    for force in (False, True):
        with pytest.raises(FileFormatError, match=r"in the way"):
            tag_in_parts(force=force)
    assert [path.name for path in work.iterdir()] == ["diary.txt"]


def test_what_is_wrong_is_said_before_the_long_work(tag_in_parts, tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("comment,nps\n" + "Late,3\n" * 100 + "Late,3,x\n")
    with pytest.raises(FileFormatError, match="row 101"):
        tag_in_parts(path)
    assert [item.name for item in tmp_path.iterdir()] == ["answers.csv"]


def test_an_export_that_changes_while_it_is_read(tag_in_parts, export, tmp_path):
    path = tmp_path / "growing.csv"
    path.write_bytes(export.read_bytes())

    def grow(step, done, total):
        if step == "reading" and done:
            with path.open("a") as file:
                file.write("more")

    with pytest.raises(FileFormatError, match="changed"):
        tag_in_parts(path, progress=grow)
    assert [item.name for item in tmp_path.iterdir()] == ["growing.csv"]


def test_categories_are_united_and_many_values_are_text():
    few = [pd.DataFrame({"shop": pd.Categorical([name])}) for name in ("Oslo", "Bergen", "Oslo")]
    many = [
        pd.DataFrame({"name": pd.Categorical([str(n) for n in range(at, at + 6000)])})
        for at in (0, 6000)
    ]
    for parts, wanted in ((few, {"shop": ["Bergen", "Oslo"]}), (many, {"name": None})):
        categories = CategoriesOfAll()
        for part in parts:
            categories.add(part)
        assert categories.found() == wanted
        together = pd.concat([with_categories(part, wanted) for part in parts])
        assert (together.dtypes.iloc[0] == "category") == (parts is few)
    assert sum(map(len, many)) > MOST_CATEGORIES


def test_regrouping_keeps_rows_and_order():
    frame = pd.DataFrame({"n": range(100)})
    for cut in (1, 7, 33, 100, 1000):
        parts = [frame.iloc[at : at + cut] for at in range(0, 100, cut)]
        made = list(regrouped(parts, 25))
        assert [len(part) for part in made] == [25] * 4
        pd.testing.assert_frame_equal(pd.concat(made, ignore_index=True), frame)
    assert [len(part) for part in regrouped([frame.head(0)], 25)] == [0]


def test_a_model_that_changes_meanwhile_is_noticed():
    spec = tagger_spec("rules")
    other = type(spec)(name="rules", facts=(("taxonomy_sha256", "0"),), model="rules")
    with pytest.raises(ModelError, match="changed while"):
        other.load()
    assert spec == tagger_spec("rules")
    assert hash(spec) == hash(tagger_spec("rules"))
