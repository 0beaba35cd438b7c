"""`Graph`: a computation graph to step through, values forward and gradients backward, one step at a time."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import traitlets

from torchbook.course.pictures.graph_drawing import draw_graph
from torchbook.course.pictures.graph_events import Event
from torchbook.course.pictures.graph_story import Story
from torchbook.course.pictures.picture import FOLDER, Picture
from torchbook.course.pictures.tape import Tape
from torchbook.errors import TorchbookError

Recorded = Tape | Sequence[Event]


class Graph(Picture, parts=("playing.js",)):
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
        by_name = dict(tapes) if isinstance(tapes, Mapping) else {"": tapes}
        self.stories = [Story(tape.events if isinstance(tape, Tape) else tape) for tape in by_name.values()]
        if not self.stories or not all(story.steps for story in self.stories):
            raise TorchbookError("there is nothing on the tape: compute with tensors in its `with` block")
        runs = [
            {
                "name": name,
                "steps": story.steps,
                "graphs": [
                    {"along": draw_graph(graph), "upright": draw_graph(graph, upright=True)} for graph in story.graphs
                ],
            }
            for name, story in zip(by_name, self.stories)
        ]
        with self.hold_sync():
            self.runs = runs
            self.step = min(self.step, self.last)

    @property
    def last(self) -> int:
        """The number of the last step."""
        return max((len(story.steps) for story in self.stories), default=1) - 1

    @traitlets.observe("step", "runs", "beside")
    def _update_alternative(self, _: Any) -> None:
        self.alternative = self._describe(self.step)

    def _describe(self, number: int) -> str:
        """Describes a step in words."""
        visible = [run for place, run in enumerate(self.runs) if place == 0 or run["name"] == self.beside]
        sentences = [run["steps"][min(number, len(run["steps"]) - 1)]["said"] for run in visible]
        if len(sentences) > 1:
            sentences = [f"{run['name']}: {text}" for run, text in zip(visible, sentences)]
        return f"Step {number} of {self.last}. {' '.join(sentences)}" if sentences else ""

    def still(self) -> str:
        """Draws the graph at its present step, or at the last one if it still stands at the beginning."""
        if not self.stories:
            return super().still()
        story = self.stories[0]
        number = min(self.step or self.last, len(story.steps) - 1)
        step = story.steps[number]
        picture = draw_graph(story.graphs[step["graph"]], step, upright=True)
        style = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("common.css", "graph.css"))
        return (
            f'<figure class="tb-picture tb-graph"><style>{style}</style>{picture}'
            f"<figcaption>{escape(self._describe(number))}</figcaption></figure>"
        )
