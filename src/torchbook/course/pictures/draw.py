"""`Draw`: a sheet to draw a digit on, and a model's prediction while it is drawn."""

import base64
from collections.abc import Callable, Sequence
from typing import Any

import torch
import traitlets
from PIL import Image
from torch import Tensor

from torchbook.course.pictures.ink import pixels
from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.still_axes import drawing, image, rectangle, text_element
from torchbook.course.pictures.strokes import decode, ready_made
from torchbook.data.drawn.forms import DIGITS
from torchbook.png import png_address

Predict = Callable[[Tensor], Tensor]


class Draw(Picture):
    """A sheet to draw on, the 28 x 28 pixels that the model sees of it, and the probability of each class.

    `predict` is any model: it takes stored pictures, uint8 `[1, 1, 28, 28]` with white ink (255) on black (0), and
    gives the logits `[1, classes]`. For a run that is `load_model(run).outputs`. It may be set again later; the picture
    then asks the new one. `ready` are ready-made drawings by their names, as `strokes.encode` writes them, and `start`
    is the one to begin with.

    The browser makes the pixels (see `ink`) and asks again as soon as the last answer is there, so a slow model makes
    the bars slower, and never the pen.

    With `keeps` the reader says after each digit of their own which it was, and what was misread is kept and shown.
    `written` holds all of them, `{"meant": class, "read": class, "share": probability, "pixels": base64}`, without
    pixels where both are the same.
    """

    classes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    ready = traitlets.Dict().tag(sync=True)
    start = traitlets.Unicode().tag(sync=True)
    # From the page {"asked": number, "drawing": bool, "pixels": base64}; to it {"asked": number} and "probabilities",
    # or "trouble", a message that says what went wrong.
    question = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    keeps = traitlets.Bool(False).tag(sync=True)
    written = traitlets.List(traitlets.Dict()).tag(sync=True)
    answers = True

    def __init__(
        self,
        predict: Predict | None = None,
        *,
        classes: Sequence[str] = DIGITS,
        ready: dict[str, str] | None = None,
        start: str = "",
        keeps: bool = False,
        place: str = "",
    ):
        ready = ready_made() if ready is None else ready
        super().__init__(classes=list(classes), ready=ready, start=start, keeps=keeps, place=place)
        self._predict = predict
        self.observe(self._reply, names="question")
        self._reply()

    @property
    def predict(self) -> Predict | None:
        """The model that is asked."""
        return self._predict

    @predict.setter
    def predict(self, predict: Predict | None) -> None:
        self._predict = predict
        self._reply()

    @property
    def seen(self) -> Tensor:
        """The pixels that the model sees now: uint8 `[1, 1, 28, 28]`."""
        if not self.question:
            return pixels(decode(self.ready.get(self.start, "")))
        return torch.tensor(list(base64.b64decode(self.question["pixels"])), dtype=torch.uint8).view(1, 1, 28, 28)

    @property
    def read_correctly(self) -> int:
        """The number of the reader's own digits that the model read correctly."""
        return sum(digit["read"] == digit["meant"] for digit in self.written)

    def still(self) -> str:
        """Draws the pixels that the model sees, and a bar for the probability of each class."""
        parts = [image(png_address(Image.fromarray(self.seen[0, 0].numpy())), 0, 0, 280, 280, sharp=True)]
        rows = self.answer.get("probabilities", [])
        step = 280 / max(1, len(rows))
        for row, (name, share) in enumerate(zip(self.classes, rows)):
            foot = (row + 0.65) * step
            parts.append(text_element(name, 316, foot, end=True))
            parts.append(rectangle(328, (row + 0.2) * step, 240 * share, 0.6 * step, "fill:var(--tb-blue)", round=3))
            parts.append(text_element(f"{share:.1%}".replace("%", " %"), 640, foot, end=True))
        return drawing(680, 280, self.alternative, *parts)

    def _reply(self, *_: Any) -> None:
        """Answers the newest question. While somebody draws, the text alternative waits for the pen to be lifted."""
        reply = {"asked": self.question.get("asked", 0)}
        if self._predict is None or not self.seen.any():
            self.answer, self.alternative = reply, "No ink yet."
            return
        try:
            with torch.no_grad():
                probabilities = _probabilities(self._predict(self.seen), len(self.classes))
        except Exception as error:  # The model is anybody's; what it raises is shown, and the picture lives on.
            trouble = f"The model failed with {type(error).__name__}: {error}"
            self.answer, self.alternative = reply | {"trouble": trouble}, trouble
            return
        self.answer = reply | {"probabilities": probabilities}
        if not self.question.get("drawing"):
            self.alternative = _describe(self.classes, probabilities)


def _probabilities(logits: Tensor, classes: int) -> list[float]:
    if tuple(logits.shape) != (1, classes):
        raise ValueError(f"predict must give logits of the shape [1, {classes}], got {list(logits.shape)}")
    return logits.double().softmax(dim=1)[0].tolist()


def _describe(classes: Sequence[str], probabilities: Sequence[float]) -> str:
    ranked = sorted(zip(probabilities, classes), reverse=True)
    others = " and ".join(f"{name} ({share:.0%})" for share, name in ranked[1:3])
    return f"Best guess: {ranked[0][1]} ({ranked[0][0]:.0%})" + (f"; then {others}." if others else ".")
