"""A computation with gradients to walk through: values forward, gradients backward, one step at a time."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import traitlets

from torchbook.course.pictures.graph_drawing import drawn
from torchbook.course.pictures.graph_events import Event
from torchbook.course.pictures.graph_story import Story
from torchbook.course.pictures.picture import FOLDER, Picture
from torchbook.course.pictures.tape import Tape
from torchbook.errors import TorchbookError

Recorded = Tape | Sequence[Event]


class Graph(Picture):
    """The graph of what a `Tape` has recorded.

        with Tape() as tape:
            loss = (w * x - y) ** 2
            loss.backward()
        Graph(tape, place="loss")

    Several tapes are given by name: the first is always shown, and one of the others beside it when the reader asks for
    it, at the same step. `question` stands before the names of the others. The events of a tape will do for it.

        Graph({"healthy": tape, "zero_grad forgotten": other}, question="Break it:", place="break")

    `step` is where the picture stands, from 0, and `beside` the name of the tape beside the first; both follow the
    reader, and move the picture when they are set.
    """

    runs = traitlets.List(traitlets.Dict()).tag(sync=True)
    question = traitlets.Unicode("").tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    beside = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        tapes: Recorded | Mapping[str, Recorded] | None = None,
        *,
        place: str = "",
        question: str = "Beside it:",
        step: int = 0,
        beside: str = "",
    ):
        super().__init__(place=place, question=question, beside=beside)
        self.stories: list[Story] = []
        if tapes is not None:
            self.show(tapes)
        self.step = max(0, min(step, self.last))

    def show(self, tapes: Recorded | Mapping[str, Recorded]) -> None:
        """Shows other tapes in the same picture; the step stays, as far as there are so many.

        Raises:
            TorchbookError: nothing was computed with tensors.
        """
        named = dict(tapes) if isinstance(tapes, Mapping) else {"": tapes}
        self.stories = [Story(tape.events if isinstance(tape, Tape) else tape) for tape in named.values()]
        if not self.stories or not all(story.steps for story in self.stories):
            raise TorchbookError("there is nothing on the tape: compute with tensors in its `with` block")
        runs = [
            {
                "name": name,
                "steps": story.steps,
                "graphs": [{"along": drawn(one), "upright": drawn(one, upright=True)} for one in story.graphs],
            }
            for name, story in zip(named, self.stories)
        ]
        with self.hold_sync():
            self.runs = runs
            self.step = min(self.step, self.last)

    @property
    def last(self) -> int:
        """The number of the last step."""
        return max((len(story.steps) for story in self.stories), default=1) - 1

    @traitlets.observe("step", "runs", "beside")
    def _say(self, _: Any) -> None:
        self.alternative = self._told(self.step)

    def _told(self, number: int) -> str:
        """What is to be seen at a step, in words."""
        shown = [run for place, run in enumerate(self.runs) if place == 0 or run["name"] == self.beside]
        said = [run["steps"][min(number, len(run["steps"]) - 1)]["said"] for run in shown]
        if len(said) > 1:
            said = [f"{run['name']}: {text}" for run, text in zip(shown, said)]
        return f"Step {number} of {self.last}. {' '.join(said)}" if said else ""

    def still(self) -> str:
        """The graph at its present step, or at the end where it stands at the beginning and shows nothing yet."""
        if not self.stories:
            return super().still()
        story = self.stories[0]
        number = min(self.step or self.last, len(story.steps) - 1)
        step = story.steps[number]
        picture = drawn(story.graphs[step["graph"]], step, upright=True)
        style = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("common.css", "graph.css"))
        return (
            f'<figure class="tb-picture tb-graph"><style>{style}</style>{picture}'
            f"<figcaption>{escape(self._told(number))}</figcaption></figure>"
        )
