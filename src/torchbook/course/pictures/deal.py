"""`Deal`: the examples of a data set as a deck of cards, dealt into batches."""

import colorsys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import torch
import traitlets
from jaxtyping import Int, UInt8
from PIL import Image
from torch import Tensor

from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.still_axes import drawing, image, rectangle, text_element
from torchbook.errors import TorchbookError
from torchbook.png import png_address

EPOCHS = 3  # whose orders are ready
ACROSS = 32  # pictures in a row of the sheet
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
WIDE, STRIP, CARD, ROWS = 680, 26, 34, 3


class Deal(Picture, parts=("playing.js",)):
    """A deck of cards, one for each example, as a strip in the colours of their classes, and the cards of one batch.

    The reader sets the batch size, shuffles, and goes from batch to batch and from epoch to epoch. It is a source of
    values: `deal.size`, `deal.shuffle`, and `deal.batches`, the indices of the first epoch's batches. In a document a
    hidden cell makes it, `::: picture deal` shows it, and what trains with `deal.batches` runs again when the reader
    deals differently.

    `pictures` are drawn on the cards, uint8 `[count, 1 or 3, height, width]`, `names` are those of the classes.
    Shuffled orders follow from `seed`.

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

    def __init__(
        self,
        labels: Int[Tensor, "count"],
        *,
        pictures: UInt8[Tensor, "count channels height width"] | None = None,
        names: Sequence[str] = (),
        size: int = 20,
        shuffle: bool = False,
        seed: int = 0,
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
            place=place,
        )
        self._pictures = pictures
        self._describe()

    @property
    def order(self) -> list[int]:
        """The indices of the cards as they lie in the deck in the first epoch."""
        return self.orders[0] if self.shuffle else list(range(len(self.labels)))

    @property
    def batches(self) -> list[Tensor]:
        """The indices of each batch of the first epoch."""
        return list(torch.tensor(self.order).split(self.size))

    @traitlets.observe("size", "shuffle")
    def _describe(self, _: Any = None) -> None:
        if not self.labels:
            return
        batches, how = self.batches, "shuffled" if self.shuffle else "in their order"
        self.alternative = (
            f"{len(self.labels)} cards, {how}, in {len(batches)} batches of {self.size}. "
            f"The first batch: {self._contents(batches[0].tolist())}."
        )

    def _contents(self, batch: Sequence[int]) -> str:
        counts = Counter(self.labels[card] for card in batch)
        return ", ".join(f"{counts[label]} × {self.names[label]}" for label in sorted(counts))

    def still(self) -> str:
        """Draws the deck as a strip and the cards of its first batch."""
        batches, classes = self.batches, len(self.names)
        colours = torch.tensor([rgb(self.labels[card], classes) for card in self.order], dtype=torch.uint8)
        words = f"batch 1 of {len(batches)}: {self._contents(batches[0].tolist())}"
        parts = [
            image(address(colours.unsqueeze(0).numpy()), 0, 0, WIDE, STRIP, stretched=True),
            text_element(words, 0, STRIP + 24),
        ]
        across, y = WIDE // CARD, STRIP + 36
        first = batches[0][: across * ROWS].tolist()
        for place, card in enumerate(first):
            left, top = place % across * CARD, y + place // across * (CARD + 4)
            parts.append(rectangle(left, top, CARD - 4, CARD, f"fill:rgb{rgb(self.labels[card], classes)}", round=3))
            if self._pictures is not None:
                source = address(_pixels(self._pictures[card]))
                parts.append(image(source, left + 2, top + 2, CARD - 8, CARD - 8, stretched=True))
        return drawing(WIDE, y + -(-len(first) // across) * (CARD + 4), self.alternative, *parts)


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
