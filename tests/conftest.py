"""What the tests share: reproducible hypothesis runs, and the sample export."""

import gc
import os
import time
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["MPLBACKEND"] = "Agg"
settings.register_profile("same every time", derandomize=True, deadline=None)
settings.load_profile("same every time")


def pytest_collection_finish():
    """Let the garbage collector pass over what was loaded for good, and come by less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def sample_export():
    """The sample export that comes with the repository: 600 responses, seven languages."""
    return ROOT / "data" / "sample_export.csv"


@pytest.fixture(scope="module")
def small_pictures():
    """Pictures of half the width take a third of the time; for tests that look at no picture."""
    from feedback_nlp.report import images

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(images, "ZOOM", 1)
        yield


@pytest.fixture
def time_grows_with_length():
    """Tells whether a call takes four times as long on four times the text, not sixteen times."""

    def check(call, text):
        def seconds(length):
            started = time.process_time()
            call(text[:length])
            return time.process_time() - started

        noise = 0.01  # what a busy machine adds to a call that takes no time
        quarter, whole = len(text) // 4, len(text)
        short, long = [seconds(quarter)], []
        for _ in range(3):  # a slow moment of the machine is given two more chances
            short.append(seconds(quarter))
            long.append(seconds(whole))
            if min(long) <= 9 * min(short) + noise:
                return True
        return False

    return check
