"""Exports made for the tests: of every kind, in every format; and what reads them in both ways."""

import gzip
import io
import json

import pandas as pd
import pyarrow as pa

from feedback_nlp.exports import join_parts, open_export, read_comments
from feedback_nlp.schema import info

SAID = [
    "Snelle levering, vriendelijke bezorger",
    "Treg svartid på telefonen",
    'They said "soon",\nand then nothing came',
    "",
    "Ļoti laipna apkalpošana šodien",
    "Too expensive for what it is",
    "The driver was late again and rude",
]


def answers(n, **more):
    frame = pd.DataFrame(
        {
            "Response ID": [f"r{i}" for i in range(n)],
            "How likely are you to recommend us?": [(7 * i) % 11 for i in range(n)],
            "Comment": [SAID[i % 7] and f"{SAID[i % 7]} {i // 7}" for i in range(n)],
            "Region": ["north", "south", "", "east"] * (n // 4) + ["north"] * (n % 4),
            "Submitted at": [f"2026-0{1 + i % 9}-1{i % 10} 1{i % 10}:00" for i in range(n)],
        }
    )
    return frame.assign(**{name: values[:n] for name, values in more.items()}).astype("object")


def several_questions(n):
    why = [f"Because of reason {i} which is long" for i in range(n)]
    better = ["" if i % 3 else f"Make it better please {i}" for i in range(n)]
    frame = answers(n).drop(columns="Comment")
    return frame.assign(**{"Why did you give this score?": why, "What could we do better?": better})


def words(n):
    said = ["Very satisfied", "satisfied", "neutral", "Dissatisfied", "very dissatisfied"]
    said += ["don't know", "VERY SATISFIED", ""]
    column = [said[i % 8] for i in range(n)]
    return answers(n).assign(**{"Overall satisfaction": column}).iloc[:, [0, 2, 3, 5]]


def odd_words(n):
    frame = words(n)
    frame.loc[5::9, "Overall satisfaction"] = [
        "satisfid" if i % 2 else "bananas" for i in range(len(frame[5::9]))
    ]
    return frame


def off_the_scale(n):
    frame = answers(n)
    frame.loc[3::10, "How likely are you to recommend us?"] = 55
    frame.loc[[4, 8], ["Comment"]] = ""
    frame.loc[8, "How likely are you to recommend us?"] = "eleven"
    return frame


def changed_scale(n):
    frame = answers(n).rename(columns={"How likely are you to recommend us?": "Overall rating"})
    frame["Submitted at"] = pd.date_range("2024-01-01", periods=n).strftime("%Y-%m-%d")
    frame["Overall rating"] = [1 + i % 5 if i < 2 * n // 3 else 1 + (3 * i) % 10 for i in range(n)]
    return frame


def repeated_people(n):
    frame = answers(n).rename(columns={"Response ID": "Customer ID"})
    frame["Customer ID"] = [f"c{i % 25}" if i % 6 else "" for i in range(n)]
    return frame


def repeated_ids(n):
    frame = answers(n)
    frame["Response ID"] = [f" r{i % 4} " if i % 9 else "" for i in range(n)]
    return frame


def untidy(n):
    frame = answers(n, status=[f"s{i % 3}" for i in range(n)])
    frame["Quality of service"] = [1 + i % 5 for i in range(n)]
    frame["Price"] = [str(1 + i % 5) if i % 4 else "n.v.t. of zo" for i in range(n)]
    frame["Language"] = [("nl", "en", "klingon", "")[i % 4] for i in range(n)]
    frame["Question"] = [("Why this score?", "What  else?")[i % 2] for i in range(n)]
    frame["Submitted at"] = [
        ("03/04/2026", "45000", "05/06/2025 10:30", "soon")[i % 4] for i in range(n)
    ]
    frame = frame.astype("object")
    frame.loc[n - 2] = frame.loc[0]
    frame.loc[n - 1] = ""
    frame.loc[1, "Comment"] = "lost \ufffd letters"
    frame.loc[2, "Comment"] = "itâ€™s garbled"
    return frame


KINDS = {  # with what the notes say of it
    "several questions": (several_questions, "one of several open questions"),
    "words": (words, "answers in words"),
    "odd words": (odd_words, "'satisfid' in row"),
    "off the scale": (off_the_scale, "rating 55 is off the scale"),
    "changed scale": (changed_scale, "changes within the file"),
    "people": (repeated_people, "gave different answers"),
    "ids": (repeated_ids, "ids in 'Response ID' repeat"),
    "untidy": (untidy, "Excel's day numbers"),
}


def as_csv(frame, **options):
    return frame.to_csv(index=False, **options).encode()


def as_jsonl(frame):
    kept = [{k: v for k, v in row.items() if v != ""} for row in frame.to_dict("records")]
    return "".join(json.dumps(row, default=str) + "\n\n" for row in kept).encode()


def as_parquet(frame):
    out = io.BytesIO()
    frame.astype("str").set_index(frame.columns[0]).to_parquet(out, row_group_size=5)
    return out.getvalue()


def as_xlsx(frame):
    out = io.BytesIO()
    frame.to_excel(out, index=False, engine="xlsxwriter")
    return out.getvalue()


def as_zst(data):
    return pa.compress(data[:100], "zstd", asbytes=True) + pa.compress(
        data[100:], "zstd", asbytes=True
    )


FORMATS = {
    "a.tsv": lambda frame: as_csv(frame, sep="\t"),
    "semicolon.csv": lambda frame: b"sep=;\r\n" + as_csv(frame, sep=";", lineterminator="\r\n"),
    "a.csv.gz": lambda frame: gzip.compress(as_csv(frame)) + gzip.compress(b""),
    "a.csv.zst": lambda frame: as_zst(as_csv(frame)),
    "a.jsonl": as_jsonl,
    "a.jsonl.zst": lambda frame: as_zst(as_jsonl(frame)),
    "a.json": lambda frame: json.dumps(frame.to_dict("records"), default=str).encode(),
    "a.parquet": as_parquet,
    "a.xlsx": as_xlsx,
}


def in_parts(sources, size, **options):
    with open_export(sources, part_rows=size, **options) as export:
        return list(export.parts()), export.info


def assert_same(sources, sizes=(5,), **options):
    """Read an export at once and in parts; return the table."""
    whole = read_comments(sources, **options)
    for size in sizes:
        parts, noted = in_parts(sources, size, **options)
        pd.testing.assert_frame_equal(join_parts(parts, noted), whole)
        assert noted == info(whole)
        k = noted["comments"]["per_row"]
        assert all(len(part) % k == 0 and len(part) <= size * k for part in parts)
    return whole
