"""`Scores`: the scores of a few classes, to be pulled, and their softmax, cross-entropy and gradient."""

import math

import traitlets

from torchbook.course.pictures.brief import brief
from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.still_axes import drawing, rectangle, text_element
from torchbook.errors import TorchbookError

WIDE, ROW = 680, 46
LOWEST, HIGHEST = -6.0, 6.0


class Scores(Picture):
    """One score for each class, which the reader pulls: `scores.probabilities`, `scores.loss` and `scores.slopes`
    follow. One class is the right one, and a step moves the scores against the slopes of the loss, `p - y`.

    A `temperature` divides the scores before softmax does its work. Scores lie between -6 and 6.

        scores = Scores({"duck": 2.0, "beaver": 1.0, "walrus": 0.0}, right="duck", place="scores")

    Raises:
        TorchbookError: there are fewer than two classes, the right one is none of them, or a score lies outside.
    """

    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    values = traitlets.List(traitlets.Float()).tag(sync=True)
    right = traitlets.Int(0).tag(sync=True)
    temperature = traitlets.Float(1.0).tag(sync=True)

    def __init__(self, scores: dict[str, float], *, right: str, temperature: float = 1.0, place: str = ""):
        names = list(scores)
        if len(names) < 2 or right not in names:
            raise TorchbookError(f"expected two classes or more with {right!r} among them, got {', '.join(names)}")
        values = [float(score) for score in scores.values()]
        if outside := [value for value in values if not LOWEST <= value <= HIGHEST]:
            raise TorchbookError(f"a score must lie between {LOWEST:g} and {HIGHEST:g}, got {outside[0]:g}")
        super().__init__(names=names, values=values, right=names.index(right), temperature=temperature, place=place)
        self._describe()

    @property
    def probabilities(self) -> list[float]:
        """Softmax of the scores, divided by the temperature."""
        highest = max(self.values)
        powers = [math.exp((value - highest) / self.temperature) for value in self.values]
        return [power / sum(powers) for power in powers]

    @property
    def loss(self) -> float:
        """The cross-entropy: minus the natural logarithm of the probability of the right class."""
        return -math.log(self.probabilities[self.right])

    @property
    def slopes(self) -> list[float]:
        """How fast the loss grows with each score, as softmax gets it (divided by the temperature): `p - y`."""
        return [p - (number == self.right) for number, p in enumerate(self.probabilities)]

    @traitlets.observe("values", "right", "temperature")
    def _describe(self, _: object = None) -> None:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in zip(self.names, self.probabilities))
        self.alternative = (
            f"Softmax of {len(self.names)} scores: {shares}. Right is {self.names[self.right]}, and the loss is "
            f"{brief(self.loss)}."
        )

    def still(self) -> str:
        """Draws scores, probabilities and slopes as SVG."""
        parts, quiet = [], "var(--tb-quiet)"
        for x, title in ((120, "score"), (310, "probability"), (560, "slope p − y")):
            parts.append(text_element(title, x, 14, colour=quiet))
        rows = zip(self.names, self.values, self.probabilities, self.slopes)
        for number, (name, value, share, slope) in enumerate(rows):
            y, right = 44 + number * ROW, number == self.right
            place = 120 + 130 * (value - LOWEST) / (HIGHEST - LOWEST)
            parts.append(text_element(("✓ " if right else "") + name, 4, y + 4, bold=right))
            parts.append(f'<path d="M120 {y}h130" style="stroke:var(--tb-line);stroke-width:4"/>')
            parts.append(f'<circle cx="{place:.1f}" cy="{y}" r="8" style="fill:var(--tb-blue)"/>')
            parts.append(text_element(brief(value), 262, y + 4))
            colour = "var(--tb-green)" if right else "var(--tb-orange)"
            parts.append(rectangle(310, y - 11, 170 * share, 22, f"fill:{colour}", round=3))
            parts.append(text_element(f"{share:.1%}", 318 + 170 * share, y + 4))
            parts.append(f'<path d="M600 {y}h{60 * slope:.1f}" style="stroke:{colour};stroke-width:5"/>')
            parts.append(f'<path d="M600 {y - 12}v24" style="stroke:var(--tb-line)"/>')
        high = 30 + len(self.names) * ROW
        parts.append(text_element(f"loss {brief(self.loss)}", 4, high + 8, bold=True))
        return drawing(WIDE, high + 20, self.alternative, *parts)
