import pytest
import torch
from torch import nn

from torchbook import Run, Supervised, TorchbookError, classification, evaluate, load, train
from torchbook.device import FLOAT32, choose, most_exact
from torchbook.inference import load_model
from torchbook.recipes import evaluate as again
from torchbook.recipes import resume, start
from torchbook.training.muon import Muon


def test_sums_are_as_exact_as_the_device_allows():
    assert most_exact(torch.device("cpu")) == most_exact(torch.device("cuda:1")) == torch.float64
    assert most_exact(torch.device("mps")) == torch.float32


def test_a_model_from_a_device_that_is_not_here_is_used_on_the_processor(tmp_path):
    result = start("cnn", {"epochs": 1, "width": 8}, folder=tmp_path, choice=choose("cpu"))
    run = Run.open(result["run"])
    absent = "cuda" if torch.backends.mps.is_available() else "mps"
    run._tell(choice=run.about["choice"] | {"device": absent, "number_format": "bfloat16"})
    assert again(run.path)["test"] == pytest.approx(result["test"], abs=1e-3)
    choice = load_model(Run.open(run.path)).choice
    assert (choice.device, choice.number_format) == ("cpu", "float32")
    (run.path / "result.json").unlink()
    with pytest.raises(TorchbookError, match=f"there is no device '{absent}' here; this machine has cpu"):
        resume(run.path)


@pytest.fixture
def accelerator():
    """What `choose` takes of itself where there is more than a processor."""
    choice = choose()
    if choice.device == "cpu":
        pytest.skip("this machine has no accelerator that torch knows")
    return choice


def learnt(choice, *, epochs=2):
    """A convolutional network after some steps of Muon in float32, and what is measured of it."""
    dataset = load("digits")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(288, 10))
    choice.place(model)
    filters, others = [model[0].weight], [p for p in model.parameters() if p is not model[0].weight]
    optimizer = Muon([{"params": filters, "orthogonal": True, "lr": 0.05}, {"params": others, "lr": 0.05}])
    task = Supervised(model, optimizer, measure=classification, micro_batch=40, replicas=2, choice=choice)
    reports = list(train(task, dataset.batches("train", size=100, device=choice.device), epochs=epochs))
    return model, reports, evaluate(task, dataset.batches("valid", size=100, device=choice.device))


@pytest.mark.gpu
def test_an_accelerator_learns_what_the_processor_learns(accelerator):
    there, reports, measured = learnt(accelerator.in_float32())
    here, expected, measured_here = learnt(FLOAT32)
    assert next(there.parameters()).device.type == accelerator.torch_device.type
    assert reports[-1]["loss"] == pytest.approx(expected[-1]["loss"], rel=0.01)
    assert measured["accuracy"] == pytest.approx(measured_here["accuracy"], abs=0.02)
    for name, value in here.state_dict().items():
        torch.testing.assert_close(there.state_dict()[name].cpu(), value, rtol=0.05, atol=0.02)


@pytest.mark.gpu
def test_a_training_on_an_accelerator_goes_on_where_it_was_stopped(accelerator, tmp_path):
    def parts():
        dataset = load("digits")
        torch.manual_seed(0)
        model = accelerator.place(nn.Sequential(nn.Flatten(), nn.Linear(64, 10)))
        task = Supervised(model, torch.optim.AdamW(model.parameters(), lr=0.01), choice=accelerator)
        return model, task, dataset.batches("train", size=100, device=accelerator.device)

    whole, task, batches = parts()
    for _ in train(task, batches, epochs=3):
        pass
    model, task, batches = parts()
    run = Run.create("stopped", folder=tmp_path, choice=accelerator)
    for report in train(task, batches, epochs=3, every=5, run=run):
        run.log(report, {})
        if report.step == 20:
            break
    model, task, batches = parts()
    run = Run.open(run.path)
    for report in train(task, batches, epochs=3, every=5, run=run):
        run.log(report, {})
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(model.state_dict()[name], value, rtol=1e-3, atol=1e-4)


@pytest.mark.gpu
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("cnn", {"epochs": 3, "width": 16}),
        ("resnet9", {"epochs": 1, "width": 4}),
        ("speednet", {"data": "shapes?count=600", "epochs": 2, "width": 4, "batch_size": 100}),
        ("mnist_speed", {"data": "handwriting?count=1500", "width": 4}),
        ("dcgan", {"epochs": 1, "width": 8}),
        ("table", {}),
    ],
)
def test_a_recipe_on_an_accelerator(accelerator, name, arguments, tmp_path):
    result = start(name, arguments, folder=tmp_path, choice=accelerator)
    assert load_model(Run.open(result["run"])).choice.device == accelerator.device
    repeated = again(result["run"])["test"]
    figures = {name: figure for name, figure in result["test"].items() if isinstance(figure, float)}
    assert {name: repeated[name] for name in figures} == pytest.approx(figures, rel=0.01) and figures
