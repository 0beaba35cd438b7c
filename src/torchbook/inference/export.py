"""A trained model for use elsewhere: without torchbook, and without anything that could execute code when it is
loaded."""

import contextlib
import io
import logging
import warnings
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from torchbook.data.augment.transforms import Normalize
from torchbook.errors import TorchbookError
from torchbook.inference.predict import load_model
from torchbook.run import Run
from torchbook.storage import write_atomically
from torchbook.tensor_file import tensors_content

Format = Literal["pt2", "onnx", "safetensors"]


class Ready(nn.Module):
    """A model with its normalisation in front, so that it takes what a program has: pixels in 0..1, or raw columns."""

    def __init__(self, model: nn.Module, mean: tuple[float, ...], std: tuple[float, ...], dimensions: int):
        super().__init__()
        self.model = model
        self.mean: Tensor
        self.std: Tensor
        shape = (1, -1, *(1,) * (dimensions - 2))
        self.register_buffer("mean", torch.tensor(mean or (0.0,)).view(shape))
        self.register_buffer("std", torch.tensor(std or (1.0,)).view(shape))

    def forward(self, inputs: Tensor) -> Tensor:
        return self.model((inputs - self.mean) / self.std)


def export(
    model: Run | nn.Module,
    file: str | Path,
    *,
    to: Format = "pt2",
    sample_shape: tuple[int, ...] | None = None,
    normalize: Normalize | None = None,
) -> Path:
    """Writes a model, of a run or your own, as a file for other programs; any number of samples can be given to it at
    once.

    `pt2` is a program for `torch.export.load`, `onnx` for ONNX runtimes; both take `[batch, ...]` float32 (pixels in
    0..1, raw columns, or latent vectors) and give the model's outputs (logits, values or pictures). `safetensors` has
    the weights alone. A model of your own needs the `sample_shape` of one input, and its `normalize` if it has one.

    Raises:
        TorchbookError: ONNX is not installed, or the sample shape is missing.
    """
    file = Path(file)
    if isinstance(model, Run):
        trained = load_model(model)
        module, card, shape = trained.model.cpu(), trained.card, trained.sample_shape
        shape = (module.latent,) if trained.is_generator else shape
        ready: Any = module if trained.is_generator else Ready(module, card.mean, card.std, len(shape) + 1)
    else:
        if sample_shape is None and to != "safetensors":
            raise TorchbookError("export needs the sample_shape of one input, for instance sample_shape=(1, 28, 28)")
        shape = sample_shape or ()
        module = model
        given = (tuple(normalize.mean.tolist()), tuple(normalize.std.tolist())) if normalize else ((), ())
        ready = Ready(model, *given, len(shape) + 1) if normalize else model
    if to == "safetensors":
        write_atomically(file, tensors_content(module.state_dict()))
        return file
    example = torch.zeros(2, *shape)
    ready = ready.eval()
    # A tensor in the channels_last order would be baked into the program as the only one that it takes.
    ready = ready.to(memory_format=torch.contiguous_format)
    batch = torch.export.Dim("batch")
    buffer = io.BytesIO()
    if to == "pt2":
        program = torch.export.export(ready, (example,), dynamic_shapes=({0: batch},))
        torch.export.save(program, buffer)
    else:
        _onnx(ready, example, batch, buffer)
    write_atomically(file, buffer.getvalue())
    return file


def _onnx(model: nn.Module, example: Tensor, batch: torch.export.Dim, buffer: io.BytesIO) -> None:
    try:
        import onnx  # noqa: F401
        import onnxscript  # noqa: F401
    except ImportError:
        raise TorchbookError("export to ONNX needs two more packages: pip install 'torchbook[onnx]'") from None
    quiet = logging.getLogger("torch.onnx")
    level, quiet.level = quiet.level, logging.ERROR
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                model,
                (example,),
                dynamo=True,
                dynamic_shapes=({0: batch},),
                input_names=["inputs"],
                output_names=["outputs"],
                verbose=False,
            )
    finally:
        quiet.setLevel(level)
    assert program is not None
    buffer.write(program.model_proto.SerializeToString())
