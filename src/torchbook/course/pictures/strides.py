"""`Strides`: a picture as a tensor that is read number by number, along its strides."""

from collections.abc import Sequence
from typing import Any

import torch
import traitlets
from PIL import Image
from torch import Tensor

from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.still_axes import drawing, image, text_element
from torchbook.course.pictures.storage import evaluated, facts_of, message_of, places_of
from torchbook.errors import TorchbookError
from torchbook.png import png_address

MOST = 65_536  # numbers of a storage, which goes to the page as it is


class Strides(Picture, parts=("playing.js", "grid.js")):
    """A uint8 picture `[height, width, 3]`, what an expression of it gives, and the walk through the storage.

    The result is drawn as it is read: `[height, width, 3]` and `[3, height, width]` in colour, `[height, width]` in
    grey, and anything else as grey rows of its last dimension. The reader moves through its elements one by one, in the
    order of reading, and sees where each lies in memory. Each of `steps` is an expression of `t` to choose, `""` is `t`
    itself; others are typed.

        Strides(photo, steps=["", "t.view(3, 60, 80)", "t.permute(2, 0, 1)"], place="photo")

    It is a source of values: `picture.result` is the chosen tensor.

    Raises:
        TorchbookError: it is not uint8, or a storage has more than 65,536 numbers.
    """

    answers = True
    memory = traitlets.Bytes(b"").tag(sync=True)
    step = traitlets.Unicode("").tag(sync=True)
    steps = traitlets.List(traitlets.Unicode()).tag(sync=True)
    results: Any = traitlets.Dict().tag(sync=True)  # what there is to say of each expression
    message = traitlets.Unicode("").tag(sync=True)

    def __init__(self, tensor: Tensor, *, steps: Sequence[str] = ("",), step: str = "", place: str = ""):
        _check(tensor, "the picture")
        super().__init__(steps=list(steps), step=step, memory=_bytes(tensor), place=place)
        self.tensor = self.result = tensor
        for expression in dict.fromkeys([*steps, step]):
            self._compute(expression)
        self.observe(self._follow, names="step")
        self._follow()

    def still(self) -> str:
        """Draws the result, its shape and its rule."""
        facts = self.results[self.step]
        lines = [self.step or "t", f"shape {facts['shape']}, stride {facts['stride']}", facts["rule"]]
        texts = [text_element(text, 4, 268 + 18 * at, bold=not at) for at, text in enumerate(lines)]
        photo = image(png_address(Image.fromarray(pixels(self.result).numpy())), 0, 0, 340, 250, sharp=True)
        return drawing(420, 316, self.alternative, photo, *texts)

    def _follow(self, *_: Any) -> None:
        """Takes the chosen expression; one that fails says why, and what was drawn stays."""
        try:
            self.result = self._compute(self.step)
        except Exception as error:  # the expression is anybody's
            self.message = message_of(error)
            return
        self.message, facts = "", self.results[self.step]
        memory = "the memory of t" if facts["shared"] else "a copy of its own"
        self.alternative = (
            f"{self.step or 't'}: shape {facts['shape']}, stride {facts['stride']}, in {memory}. Its first numbers "
            f"lie at {', '.join(map(str, facts['first']))}."
        )

    def _compute(self, expression: str) -> Tensor:
        result = evaluated(expression, self.tensor)
        _check(result, expression)
        facts = facts_of(result, self.tensor)
        facts |= {"first": places_of(result)[:5], "memory": b"" if facts["shared"] else _bytes(result)}
        self.results = {**self.results, expression: facts}
        return result


def pixels(tensor: Tensor) -> Tensor:
    """Returns a uint8 tensor as the picture `[height, width, 3]` or `[height, width]` that a page draws of it."""
    if tensor.ndim == 3 and tensor.shape[2] == 3:
        return tensor.contiguous()
    if tensor.ndim == 3 and tensor.shape[0] == 3:
        return tensor.permute(1, 2, 0).contiguous()
    return tensor.reshape(-1, tensor.shape[-1] if tensor.ndim else 1).contiguous()


def _bytes(tensor: Tensor) -> bytes:
    return torch.empty(0, dtype=torch.uint8).set_(tensor.untyped_storage()).numpy().tobytes()


def _check(tensor: Tensor, what: str) -> None:
    if tensor.dtype != torch.uint8 or not 0 < tensor.numel() <= MOST or tensor.untyped_storage().nbytes() > MOST:
        raise TorchbookError(
            f"{what} is {str(tensor.dtype)[6:]} {list(tensor.shape)}; here uint8 is drawn, 1 to {MOST:,} numbers: "
            "change the shape or the order, not the dtype"
        )
