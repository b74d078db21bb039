"""Tagging with Dask as it is set up by itself, with many partitions and an empty one."""

import pandas as pd
import pytest

from feedback_nlp import load_tagger, make_sample, read_comments, write_table
from feedback_nlp.engines.dask import tag_dask
from feedback_nlp.language import language_mix


@pytest.fixture(scope="module")
def comments(tmp_path_factory):
    path = tmp_path_factory.mktemp("dask") / "export.csv"
    write_table(make_sample(300, seed=6), path)
    table = read_comments(path)
    table.attrs = {}
    return table


@pytest.mark.parametrize("scheduler", ["synchronous", "threads"])
@pytest.mark.parametrize("given", [True, False])
def test_partitions_together_are_what_is_tagged_in_memory(comments, scheduler, given):
    import dask
    import dask.dataframe as dd

    tagger = load_tagger("rules")
    wanted = tagger.tag_frame(comments)
    frame = dd.from_pandas(comments, npartitions=20, sort=False)
    frame = dd.concat([frame, dd.from_pandas(comments.head(0), npartitions=1)])
    mix = language_mix(comments["text"].fillna("")) if given else None
    with dask.config.set(scheduler=scheduler):
        made = dask.compute(*tag_dask(frame, tagger, mix=mix))
    for found, known in zip(made, (wanted.comments, wanted.mentions), strict=True):
        names = list(known.columns)
        both = [table[names].reset_index(drop=True).astype("object") for table in (found, known)]
        both = [table.where(table.notna(), None) for table in both]
        pd.testing.assert_frame_equal(*both, check_dtype=False)
