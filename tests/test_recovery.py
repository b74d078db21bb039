"""What is planted in the sample is found again, from the words alone."""

import pytest

from feedback_nlp import driver_table, load_tagger, make_sample, read_comments, write_table
from feedback_nlp.samples import RELEASE


@pytest.fixture(scope="module")
def tagging(tmp_path_factory):
    path = tmp_path_factory.mktemp("planted") / "sample.csv"
    write_table(make_sample(1500, seed=5), path)
    return load_tagger().tag_frame(read_comments(path))


def test_the_strongest_drivers_come_first(tagging):
    table = driver_table(tagging.comments, tagging.mentions, level="sub", n_boot=200)
    assert list(table["theme"][:2]) == ["delivery.speed", "service.reachability"]
    assert (table["points_lost_low"][:2] > 0).all()


def test_price_is_blamed_by_passives_more_than_by_detractors(tagging):
    table = driver_table(tagging.comments, tagging.mentions, n_boot=0).set_index("theme")
    price = table.loc["price"]
    assert price["share_passives"] > price["share_detractors"] > price["share_promoters"]


def test_the_app_release_shows_in_the_app_and_in_its_months(tagging):
    comments = tagging.comments
    blamed = tagging.mentions[
        (tagging.mentions["theme"] == "usability.website_app")
        & (tagging.mentions["polarity"] == "negative")
    ]
    who = comments[comments["comment_id"].isin(blamed["comment_id"])]
    during = comments["date"].dt.date.between(*RELEASE) & (comments["Channel"] == "App")
    rate_during = during[who.index].sum() / during.sum()
    rate_else = (~during)[who.index].sum() / (~during).sum()
    assert rate_during > 4 * rate_else


def test_points_lost_add_up_to_the_whole_distance(tagging):
    table = driver_table(tagging.comments, tagging.mentions, n_boot=0)
    noted = table.attrs["drivers"]
    parts = table["points_lost"].sum() + noted["suppressed"]
    parts += noted["no_negative_theme"] + noted["no_comment"]
    assert parts == pytest.approx(noted["maximum"] - noted["score"], abs=1e-9)
