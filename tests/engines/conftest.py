"""One export of one language, and what is found in it in memory."""

import pytest
from stopping import Stop

from feedback_nlp import load_tagger, make_sample, read_comments, write_table
from feedback_nlp.engines.local import tag_export, work_beside
from feedback_nlp.engines.partition import tagger_spec


@pytest.fixture(scope="session")
def export(tmp_path_factory):
    """Answers of one language: 301 of them, some of them blank or the same."""
    sample = make_sample(3000, seed=4)
    english = sample[sample["Country"] == "United Kingdom"].drop(columns="Country").head(301)
    path = tmp_path_factory.mktemp("exports") / "english.csv"
    write_table(english, path)
    return path


@pytest.fixture(scope="session")
def in_memory(export):
    return load_tagger("rules").tag_frame(read_comments(export))


@pytest.fixture
def tag_in_parts(export, tmp_path):
    """Tags the export in parts, in this process if not told otherwise."""

    def tag(source=export, work=None, **options):
        work = work or work_beside(tmp_path / "mentions.csv")
        how = {"tagger": tagger_spec("rules"), "reading": {}, "workers": 1, "part_rows": 60}
        return tag_export([str(source)], work, **how | options)

    return tag


@pytest.fixture
def stop_at():
    """Makes a progress that ends the run when so many comments are tagged."""

    def make(number):
        times = 0

        def progress(step, done, total):
            nonlocal times
            times += step == "finding themes" and done >= number
            if times == 2:  # the first time it is tagged, the second time it is on the disk
                raise Stop

        return progress

    return make


@pytest.fixture
def stopped_at(tag_in_parts, stop_at, tmp_path):
    """Runs until so many comments are tagged; returns the work folder, which is there."""

    def run(number, **options):
        with pytest.raises(Stop) as stop:
            tag_in_parts(progress=stop_at(number), **options)
        assert f"{number} of 301 comments are tagged; go on with" in stop.value.__notes__[0]
        return work_beside(tmp_path / "mentions.csv")

    return run
