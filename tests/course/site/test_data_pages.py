"""The pages of the data sets."""

import pytest
from waiting import until

from torchbook.course.site import data_pages
from torchbook.data.source import DATA_SETS, Loader


@pytest.fixture
def page():
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    client = TestClient(Starlette(routes=data_pages.routes(lambda: [])))
    return lambda address: client.get(address)


def test_a_data_set_that_is_new_in_the_registry_is_not_downloaded_for_a_page(page, monkeypatch):
    def fails(*_, **__):
        pytest.fail("the site asked for the data")

    monkeypatch.setitem(DATA_SETS, "clouds", Loader("sets.mnist:mnist", downloads=True))
    monkeypatch.setattr("torchbook.data.sets.mnist.fetch", fails)
    answer = page("/data/clouds")
    assert answer.status_code == 200 and "torchbook data show clouds" in answer.text
    assert "70,000 handwritten digits" in answer.text


def test_the_card_of_embedded_data_is_made(page, own_home):
    assert "1,797" in page("/data").text
    until(lambda: "<template" in page("/data/thermometer").text, seconds=240)
    assert (own_home / "cards" / "thermometer.html").is_file()
    assert page("/data/nothing").status_code == 404
