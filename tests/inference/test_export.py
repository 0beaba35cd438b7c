import numpy
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from torchbook import Run, TorchbookError, export, load
from torchbook.data.augment.transforms import Normalize
from torchbook.inference import load_model
from torchbook.recipes import start

pytestmark = pytest.mark.proven

ARGUMENTS = {
    "cnn": {"data": "digits", "epochs": 1, "width": 8},
    "gan": {"data": "digits", "epochs": 1, "hidden": 16},
    # Mirrored, so that an evaluation takes more looks where it is unsure.
    "speednet": {"data": "shapes?count=300", "epochs": 1, "width": 4, "batch_size": 100},
    "volume": {"data": "blobs3d?count=60", "epochs": 1, "width": 4},
}


@pytest.fixture(scope="module", params=ARGUMENTS)
def run(request, tmp_path_factory, measured_machine):
    from _pytest.monkeypatch import MonkeyPatch

    with MonkeyPatch.context() as patch:
        patch.setenv("TORCHBOOK_HOME", str(measured_machine))
        result = start(request.param, ARGUMENTS[request.param], folder=tmp_path_factory.mktemp("runs"))
        yield Run.open(result["run"])


def expected(run, count):
    trained = load_model(run)
    model, card = trained.model, trained.card
    with torch.no_grad():
        if trained.is_generator:
            inputs = torch.randn(count, model.latent)
            return inputs, model(inputs)
        stored = load(run.about["arguments"]["data"]).test.inputs[:count]
        given = stored.float() / 255 if stored.dtype == torch.uint8 else stored
        return given, model(Normalize(card.mean, card.std)(stored))


def test_pt2_gives_the_same_outputs_for_any_batch(run, tmp_path):
    program = torch.export.load(export(run, tmp_path / "model.pt2", to="pt2")).module()
    for count in (1, 5):
        inputs, outputs = expected(run, count)
        torch.testing.assert_close(program(inputs), outputs, rtol=1e-4, atol=1e-4)


def test_onnx_gives_the_same_outputs_for_any_batch(run, tmp_path):
    runtime = pytest.importorskip("onnxruntime")
    file = export(run, tmp_path / "model.onnx", to="onnx")
    session = runtime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    for count in (1, 5):
        inputs, outputs = expected(run, count)
        (theirs,) = session.run(None, {"inputs": inputs.numpy()})
        numpy.testing.assert_allclose(theirs, outputs.numpy(), rtol=1e-3, atol=1e-3)


def test_safetensors_has_the_weights(run, tmp_path):
    tensors = load_file(export(run, tmp_path / "model.safetensors", to="safetensors"))
    model = load_model(run).model
    assert all(torch.equal(tensors[name], value) for name, value in model.state_dict().items())


def test_a_model_of_ones_own(tmp_path):
    model = nn.Sequential(nn.Flatten(), nn.Linear(12, 2))
    file = export(model, tmp_path / "own.pt2", sample_shape=(3, 2, 2), normalize=Normalize((0.5,) * 3, (0.5,) * 3))
    images = torch.rand(4, 3, 2, 2)
    torch.testing.assert_close(torch.export.load(file).module()(images), model((images - 0.5) / 0.5))
    with pytest.raises(TorchbookError, match="needs the sample_shape"):
        export(model, tmp_path / "own.pt2")
