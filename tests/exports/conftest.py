"""What the tests of exports share."""

import pytest

from feedback_nlp.exports import delimited_file, jsonlines, parquet_file


@pytest.fixture
def small_blocks(monkeypatch):
    """Files are read in blocks of eleven rows, so that small ones have borders too."""
    for module in (delimited_file, jsonlines, parquet_file):
        monkeypatch.setattr(module, "BLOCK_ROWS", 11)
