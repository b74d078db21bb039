"""What the tests share: reproducible hypothesis runs, and the sample export."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["MPLBACKEND"] = "Agg"
settings.register_profile("same every time", derandomize=True, deadline=None)
settings.load_profile("same every time")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def sample_export():
    """The sample export that comes with the repository: 600 responses, seven languages."""
    return ROOT / "data" / "sample_export.csv"
