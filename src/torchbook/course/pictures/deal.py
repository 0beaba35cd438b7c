"""`Deal`: the examples of a data set as a deck of cards, dealt into batches, and who waits while they are dealt."""

import colorsys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

import torch
import traitlets
from jaxtyping import Int, UInt8
from PIL import Image
from torch import Tensor

from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.still_axes import text_element
from torchbook.errors import TorchbookError
from torchbook.png import png_address

EPOCHS = 3  # whose orders are ready
ACROSS = 32  # pictures in a row of the sheet
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
WIDE, STRIP, CARD, ROWS = 680, 26, 34, 3
Bar = tuple[str, float, float]


class Deal(Picture):
    """A deck of cards, one for each example, as a strip in the colours of their classes, and the cards of one batch.

    The reader sets the batch size, shuffles, and goes from batch to batch and from epoch to epoch. It is a source of
    values: `deal.size`, `deal.shuffle`, and `deal.batches`, the indices of the first epoch's batches. In a document a
    hidden cell makes it, `::: picture deal` shows it, and what trains with `deal.batches` runs again when the reader
    deals differently.

    `pictures` are drawn on the cards, uint8 `[count, 1 or 3, height, width]`, `names` are those of the classes.
    Shuffled orders follow from `seed`. With `measure` there is a button that calls it, and bars of what it yields: a
    name, and the microseconds of waiting and of computing for an example. They belong to one machine and moment, and
    are not stored. With `deck=False` there is nothing but that button and its bars.

    Raises:
        TorchbookError: there are no examples, or not as many pictures as labels.
    """

    labels: Any = traitlets.List().tag(sync=True)
    names: Any = traitlets.List().tag(sync=True)
    orders: Any = traitlets.List().tag(sync=True)  # of the epochs, when they are shuffled
    sheet = traitlets.Unicode("").tag(sync=True)  # all pictures, as the address of one PNG
    cell: Any = traitlets.List().tag(sync=True)  # width and height of a picture there, and how many are in a row
    sizes: Any = traitlets.List().tag(sync=True)
    size = traitlets.Int(1).tag(sync=True)
    shuffle = traitlets.Bool(False).tag(sync=True)
    measures = traitlets.Bool(False).tag(sync=True)
    deck = traitlets.Bool(True).tag(sync=True)
    bars: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        labels: Int[Tensor, "count"],
        *,
        pictures: UInt8[Tensor, "count channels height width"] | None = None,
        names: Sequence[str] = (),
        size: int = 20,
        shuffle: bool = False,
        seed: int = 0,
        measure: Callable[[], Iterable[Bar]] | None = None,
        deck: bool = True,
        place: str = "",
    ):
        count = len(labels)
        if not count or (pictures is not None and len(pictures) != count):
            of = "" if pictures is None else f" and {len(pictures)} pictures"
            raise TorchbookError(f"a deck has a label for each card, at least one: got {count} labels{of}")
        generator = torch.Generator().manual_seed(seed)
        super().__init__(
            labels=labels.tolist(),
            names=list(names) or [str(label) for label in range(int(labels.max()) + 1)],
            orders=[torch.randperm(count, generator=generator).tolist() for _ in range(EPOCHS)],
            sheet="" if pictures is None else address(sheet(pictures)),
            cell=[] if pictures is None else [pictures.shape[3], pictures.shape[2], ACROSS],
            sizes=sorted({*(each for each in SIZES if each < count), size, count}),
            size=size,
            shuffle=shuffle,
            measures=measure is not None,
            deck=deck,
            place=place,
        )
        self._pictures, self._measure = pictures, measure
        self.answers = measure is not None
        self.measuring: threading.Thread | None = None
        self.on_msg(self._hear)
        self._describe()

    @property
    def order(self) -> list[int]:
        """The indices of the cards as they lie in the deck in the first epoch."""
        return self.orders[0] if self.shuffle else list(range(len(self.labels)))

    @property
    def batches(self) -> list[Tensor]:
        """The indices of each batch of the first epoch."""
        return list(torch.tensor(self.order).split(self.size))

    @traitlets.observe("size", "shuffle", "bars")
    def _describe(self, _: Any = None) -> None:
        if not self.labels:
            return
        batches = self.batches
        how = "shuffled" if self.shuffle else "in their order"
        measured = [f"{name}: {wait:.3g} µs of waiting, {work:.3g} of computing." for name, wait, work in self.bars]
        dealt = [
            f"{len(self.labels)} cards, {how}, in {len(batches)} batches of {self.size}. "
            f"The first batch: {self._contents(batches[0].tolist())}."
        ]
        self.alternative = " ".join(self.deck * dealt + measured) or "Nothing has been measured on this machine yet."

    def _hear(self, _: Any, content: Any, buffers: Any) -> None:
        """Measures in a thread of its own, so that the picture answers meanwhile; one at a time."""
        if self._measure is None or (self.measuring and self.measuring.is_alive()):
            return
        self.measuring = threading.Thread(target=self._fill, args=(self._measure,), daemon=True)
        self.measuring.start()

    def _fill(self, measure: Callable[[], Iterable[Bar]]) -> None:
        try:
            self.bars = [list(bar) for bar in measure()]
        finally:
            self.send({"measured": len(self.bars)})

    def _contents(self, batch: Sequence[int]) -> str:
        counts = Counter(self.labels[card] for card in batch)
        return ", ".join(f"{counts[label]} × {self.names[label]}" for label in sorted(counts))

    def still(self) -> str:
        """Draws the deck as a strip and the cards of its first batch; what was measured is never kept."""
        if not self.deck:
            return (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{STRIP}" viewBox="0 0 {WIDE} {STRIP}" '
                f'role="img" aria-label="{escape(self.alternative)}">{text_element(self.alternative, 0, 17)}</svg>'
            )
        batches, y = self.batches, STRIP + 12
        colours = torch.tensor([rgb(label, len(self.names)) for label in self.labels], dtype=torch.uint8)
        strip = address(colours[torch.tensor(self.order)].unsqueeze(0).numpy())
        parts = [
            image(strip, 0, 0, WIDE, STRIP),
            text_element(f"batch 1 of {len(batches)}: {self._contents(batches[0].tolist())}", 0, y + 12),
        ]
        across, first = WIDE // CARD, batches[0][: WIDE // CARD * ROWS]
        for place, card in enumerate(first.tolist()):
            left, top = place % across * CARD, y + 24 + place // across * (CARD + 4)
            style = f"fill:rgb{rgb(self.labels[card], len(self.names))}"
            parts.append(f'<rect x="{left}" y="{top}" width="{CARD - 4}" height="{CARD}" rx="3" style="{style}"/>')
            if self._pictures is not None:
                parts.append(image(address(_pixels(self._pictures[card])), left + 2, top + 2, CARD - 8, CARD - 8))
        y += 24 + -(-len(first) // across) * (CARD + 4)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{y}" viewBox="0 0 {WIDE} {y}" role="img" '
            f'aria-label="{escape(self.alternative)}">{"".join(parts)}</svg>'
        )


def rgb(label: int, classes: int) -> tuple[int, int, int]:
    """Returns the colour of a class, as the page has it: equally bright hues around the circle."""
    red, green, blue = colorsys.hls_to_rgb(label / max(1, classes), 0.55, 0.6)
    return round(255 * red), round(255 * green), round(255 * blue)


def sheet(pictures: UInt8[Tensor, "count channels height width"]) -> Any:
    """Lays pictures side by side, `ACROSS` in a row, as one array of pixels."""
    count, channels, height, width = pictures.shape
    rows = -(-count // ACROSS)
    whole = torch.zeros(rows * ACROSS, channels, height, width, dtype=torch.uint8)
    whole[:count] = pictures
    return _pixels(whole.view(rows, ACROSS, channels, height, width).permute(2, 0, 3, 1, 4).flatten(1, 2).flatten(2))


def _pixels(picture: UInt8[Tensor, "channels height width"]) -> Any:
    return picture[0].numpy() if len(picture) == 1 else picture.permute(1, 2, 0).contiguous().numpy()


def address(pixels: Any) -> str:
    """Returns the address of a PNG that has these pixels in it; a grey one keeps 16 levels."""
    picture = Image.fromarray(pixels)
    if picture.mode == "L":
        picture = Image.fromarray(pixels // 17 * 17).quantize(16)
    return png_address(picture, optimize=True)


def image(source: str, x: int, y: int, width: int, height: int) -> str:
    """Returns an SVG image at a place."""
    return f'<image x="{x}" y="{y}" width="{width}" height="{height}" preserveAspectRatio="none" href="{source}"/>'
