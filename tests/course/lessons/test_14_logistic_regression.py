"""What the lesson on logistic regression claims, with its own and with other control values."""

import importlib.util
import math
import sys
from itertools import pairwise

import pytest
import torch

from torchbook import build
from torchbook.course.grading.exercise import exercises
from torchbook.course.pictures.draw import Draw
from torchbook.course.pictures.ink import decode, pixels, ready_made
from torchbook.course.runtime import session as session_module
from torchbook.course.texts.document import documents, read_document
from torchbook.course.texts.document_parts import Prose
from torchbook.course.texts.document_values import filled
from torchbook.recipes.start import start

pytestmark = pytest.mark.slow

SMALL = {"data": "handwriting?count=1200", "learning_rate": 0.01, "epochs": 2}


def load_file(file, name):
    specification = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


def ran(number, **controls):
    """The names that the document of a lesson makes with some values of its controls, and its prose."""
    document = read_document(documents()[number])
    session = session_module.run(document, **controls)
    prose = " ".join(
        filled(part.text, session.fragments[part.id].values) for part in document.flat if isinstance(part, Prose)
    )
    return dict(session.names), " ".join(prose.split())


@pytest.fixture(scope="module")
def run(tmp_path_factory, measured_machine):
    home = tmp_path_factory.mktemp("lesson-home")

    def once(**controls):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TORCHBOOK_HOME", str(home))
            patch.setenv("TORCHBOOK_WORKSPACE", str(home / "workspace"))
            names, prose = ran(14, **controls)
            return prose, names

    once.home = home
    return once


@pytest.fixture(scope="module")
def usual(run):
    return run()


@pytest.fixture(scope="module")
def names(usual):
    return usual[1]


def shown(outputs):
    """The text on the page."""
    return outputs


def test_the_row_of_numbers_is_the_normalised_picture(names):
    assert (names["lowest"], names["highest"]) == (0, pytest.approx(240, abs=15))
    assert names["row"].shape == (784,)
    prepared = names["dataset"].normalize(names["picture"].unsqueeze(0))
    torch.testing.assert_close(prepared.flatten(), names["row"])
    inputs = names["known"]
    assert abs(inputs.mean()) < 1e-3 and inputs.std() == pytest.approx(1, abs=1e-3)


def test_the_three_sets_have_no_picture_in_common(names):
    seen = [{picture.numpy().tobytes() for picture in part.inputs} for part in names["dataset"]]
    assert [len(part) for part in seen] == [12_000, 2_000, 2_000]
    assert not seen[0] & seen[1] and not seen[0] & seen[2] and not seen[1] & seen[2]


def test_the_baselines_and_that_mean_pictures_are_a_weighted_sum(names):
    assert 0.08 < names["majority_accuracy"] < 0.13
    assert 0.5 < names["nearest_accuracy"] < 0.75
    assert names["agreement"] > 0.999


def test_an_untrained_model_knows_nothing(names):
    assert names["parameters"] == 28 * 28 * 10 + 10
    assert abs(names["untrained_loss"] - math.log(10)) < 0.5
    assert names["untrained_measures"]["accuracy"] < 0.2


def test_two_classes_are_a_sigmoid(names):
    torch.testing.assert_close(names["by_softmax"], names["by_sigmoid"])


def test_one_step_by_hand_helps(names):
    assert names["after"] < names["before"] - 0.01


def test_a_mean_of_means_depends_on_the_order(names):
    wrong, right = names["mean_of_means"], names["weighted"]
    assert len({round(value, 6) for value in right.values()}) == 1
    assert wrong["last"] < right["come"] - 0.03 < right["come"] + 0.03 < wrong["first"]


def test_it_beats_the_baseline_and_the_test_set_agrees(names):
    reports, best = names["reports"], names["best"]
    assert [report["epoch"] for report in reports] == list(range(9))
    assert reports[-1]["loss"] < reports[1]["loss"] < names["untrained_loss"] / 2
    assert best["valid_accuracy"] > names["nearest_accuracy"] + 0.1
    assert best["valid_accuracy"] == max(report["valid_accuracy"] for report in reports)
    assert abs(names["test_accuracy"] - best["valid_accuracy"]) < 0.03


def test_the_loops_by_hand_do_what_torchbook_does(names):
    """The solutions of the two exercises, on the same batches."""
    folder = {one.name: one.folder for one in exercises()}
    by_hand = load_file(folder["train_epoch"] / "solution.py", "by_hand").train_epoch
    measured = load_file(folder["evaluate"] / "solution.py", "measured").evaluate
    dataset = names["dataset"]
    model = build("linear", sample_shape=(1, 28, 28), outputs=10)
    batches = dataset.batches("train", size=64)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for report in names["reports"][1:3]:
        assert by_hand(model, list(batches), optimizer) == pytest.approx(report["loss"], rel=1e-5)
        loss, accuracy = measured(model, list(dataset.batches("valid", size=300)))
        assert loss == pytest.approx(report["valid_loss"], rel=1e-5)
        assert accuracy == pytest.approx(report["valid_accuracy"], abs=1e-9)


def test_ink_in_the_middle_speaks_against_a_zero(names):
    weights = names["trained"][1].weight.view(10, 28, 28)
    middle = weights[:, 12:16, 13:15].mean(dim=(1, 2))
    assert middle.argmin() == 0 and middle[0] < 0


def test_mistakes_are_counted_and_the_surest_come_first(names):
    counts, wrong = names["counts"], names["wrong"]
    assert counts.sum() == len(names["labels"]) and counts.sum() - counts.diagonal().sum() == len(wrong)
    sureness = names["sureness"][names["surest"]]
    assert (sureness.diff() <= 0).all() and sureness[0] > 0.95, "it is sure of what is wrong"


def test_saved_and_loaded_it_is_the_same(names):
    assert not names["same_before"] and names["same_after"]
    assert 4 * names["parameters"] < names["size_on_disk"] < 4 * names["parameters"] + 500


def test_a_pickle_runs_what_it_holds_and_weights_only_refuses(names, capsys):
    assert names["refusal"] == "Weights only load failed"
    torch.load(names["suspect"], weights_only=False)
    assert capsys.readouterr().out == "I could have deleted your files.\n"


def test_a_few_pixels_to_the_right_and_it_reads_no_more(names):
    shares = names["by_shift"]
    assert shares[0] == pytest.approx(names["best"]["valid_accuracy"])
    assert all(after < before for before, after in pairwise(shares))
    assert shares[3] < 0.6 * shares[0] and shares[6] < 0.15


def test_it_does_not_know_what_is_next_to_what(names):
    assert names["largest_difference"] < 1e-4


def test_the_drawing_is_read_by_the_trained_model(names):
    drawing, trained, dataset = names["drawing"], names["trained"], names["dataset"]
    assert isinstance(drawing, Draw)
    expected = trained(dataset.normalize(pixels(decode(ready_made()["3"])))).softmax(1)[0]
    assert drawing.answer["probabilities"] == pytest.approx(expected.tolist(), abs=1e-5)
    pictures = torch.cat([pixels(decode(text)) for text in ready_made().values()])
    assert (trained(dataset.normalize(pictures)).argmax(1) == torch.arange(10)).sum() >= 8, "what we show, it reads"


def test_the_numbers_of_the_text_are_those_of_the_lesson(usual):
    outputs, names = usual
    page = shown(outputs)
    numbers = [
        names["nearest_accuracy"],
        names["best"]["valid_accuracy"],
        names["test_accuracy"],
        *names["by_shift"][3::3],
    ]
    for number in numbers:
        assert f"{number:.1%}" in page
    assert "no person wrote these digits" in page
    assert page.count("<table") >= 4 and "| the order" not in page, "tables are tables"


def test_with_other_control_values_the_text_follows(run):
    outputs, names = run(**SMALL, batch_size=100, number=7)
    page = shown(outputs)
    assert "Here all batches are of the same size" in page  # 200 pictures
    assert names["mean_of_means"]["last"] == pytest.approx(names["weighted"]["last"])
    assert [report["epoch"] for report in names["reports"]] == [0, 1, 2]
    assert "1,200" in page and "Picture 7 is a" in page
    assert f"{names['best']['valid_accuracy']:.1%}" in page


def test_a_rate_too_small_and_one_too_large(run, names):
    slow = run(data=names["data"], learning_rate=0.0001, epochs=8)[1]["best"]
    wild = run(data=names["data"], learning_rate=1.0, epochs=8)[1]["best"]
    assert slow["valid_accuracy"] < names["best"]["valid_accuracy"] - 0.02
    assert wild["valid_accuracy"] < names["best"]["valid_accuracy"] - 0.02


def test_a_run_of_the_readers_own_can_read_the_drawing(run, monkeypatch):
    monkeypatch.setenv("TORCHBOOK_HOME", str(run.home))
    start("logistic_regression", {"data": "handwriting?count=600", "epochs": 1}, name="first")
    start("logistic_regression", {"epochs": 1}, name="eight-by-eight")
    options = run(**SMALL)[1]["reader_choice"].options
    assert list(options) == ["this lesson's model", "your run first"]
    assert Draw(options["your run first"], start="1").alternative.startswith("Best guess")


def test_the_real_mnist_when_it_is_there(run, real_files, monkeypatch, usual):
    outputs, names = run(data="mnist", learning_rate=0.01, epochs=1)
    page = shown(outputs)
    train, valid, test = (len(part) for part in names["dataset"])
    assert train + valid == 60_000 and test == 10_000 and f"{valid:,}" in page
    assert names["picture"].shape == (1, 28, 28) and names["picture"].max() <= 255
    assert "60,000" in page and "10,000" in page and "no person wrote" not in page
    assert names["best"]["valid_accuracy"] > 0.87 > names["nearest_accuracy"]
    assert "choose it above" in shown(usual[0])
