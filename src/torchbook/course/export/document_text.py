"""The parts of a document with what they have shown, as Markdown for a code host, a notebook and marimo."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

from torchbook.course.export.as_markdown import markdown
from torchbook.course.export.questions import exercise_named, prompt, quiz_parts
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.program import program_lines
from torchbook.course.runtime.snapshot import read_snapshot
from torchbook.course.site.diagram import drawn
from torchbook.course.site.document_guess import WORDS, answer_of
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_diagram import Diagram
from torchbook.course.texts.document_parts import Cell, Control, Guess, Picture, Prose, TrueCurve
from torchbook.course.texts.document_rubric import criteria
from torchbook.course.texts.document_values import filled
from torchbook.course.texts.markup import parsed, texts

_TERM = re.compile(r"(?s)(```.*?```|`[^`\n]*`)|\[\[([^\[\]|]+)(?:\|([^\[\]]+))?\]\]")
_LINK = re.compile(r"(?s)(```.*?```|`[^`\n]*`)|(?<!!)\[([^\]\[]*)\]\((/[^)\s]*)\)")


@dataclass(frozen=True)
class Computed:
    """A document with its stored state, and the files of all documents that lie beside each other by their labels."""

    document: Document
    fragments: Mapping[str, Fragment]
    files: Mapping[str, str]

    @property
    def title(self) -> str:
        """The first heading, and the line below it."""
        front = self.document.front
        return f"# {self.document.label} {front.title}\n\n*{self.words(front.line)}*"

    def shown(self, id: str) -> Fragment:
        """What a part has shown."""
        return self.fragments.get(id, Fragment())

    def prose(self, part: Prose) -> str:
        """The Markdown of a part with its values, without what only our own pages know."""
        return self.words(filled(part.text, self.shown(part.id).values))

    def words(self, text: str) -> str:
        """Markdown whose terms are words and whose links lead to files that lie here, or are words."""
        text = _TERM.sub(lambda match: match[1] or match[3] or match[2].strip(), text)

        def linked(match: re.Match[str]) -> str:
            if match[1]:
                return match[1]
            address = file_of(match[3], self.files)
            return f"[{match[2]}]({address})" if address else match[2]

        return _LINK.sub(linked, text)

    def guess(self, part: Guess, image: Callable[[str, str], str]) -> str:
        """A guess with its answer folded away; `image` gives the Markdown of a drawing from its SVG and its words."""
        question = "\n\n".join(map(self.prose, part.question))
        if part.truth:
            shown = self.shown(part.truth.id)
            answer = answer_of(part.truth, shown)
            if isinstance(part.truth, TrueCurve):
                across, up = part.truth.across, part.truth.up
                words = {"across": across.name, "up": up.name, "across_low": f"{across.low:g}"}
                words |= {"across_high": f"{across.high:g}", "up_low": f"{up.low:g}", "up_high": f"{up.high:g}"}
                question += f"\n\n{WORDS['draw-on-paper'].format(**words)}"
                answer = image(svg_of(shown.drawing), answer)
            else:
                answer = WORDS["truth"].format(answer=f"**{answer}**")
            after = [answer]
        else:
            question += "\n\n" + "\n".join(f"- {self.prose(option.text)}" for option in part.options)
            reasons = (
                f"- {'✓' if option.right else '✗'} *{self.prose(option.text)}* {self.prose(option.reason)}"
                for option in part.options
            )
            after = ["\n".join(reasons)]
        inside = "\n\n".join([*after, *map(self.prose, part.after)])
        return f"**{WORDS['guess']}.** {question}\n\n{folded(WORDS['answer'], inside)}"

    def exercise(self, name: str) -> str:
        """What an exercise asks for."""
        return self.words(prompt(exercise_named(name)))

    def quiz(self, number: int) -> str:
        """The questions of a lesson with their answers folded away."""
        return "\n\n".join(
            f"{self.words(question)}\n\n{folded('Answer', self.words(answer))}"
            for question, answer in quiz_parts(number)
        )

    def rubric(self, part: Cell) -> str:
        """What a project asks for."""
        rows = [f"- {criterion.sentence}" for criterion in criteria(self.document) if criterion.cell == part.id]
        check = f"`torchbook check {self.document.label}` says what is met."
        return "\n".join(["**What is asked for**", "", *rows, "", check]) if rows else ""

    @cached_property
    def foot(self) -> str:
        """The last line of an export."""
        kind = "Project" if self.document.is_project else "Lesson"
        return f"*{kind} {self.document.label} of torchbook. The pictures move in `torchbook learn`.*"


def computed(document: Document, files: Mapping[str, str]) -> Computed:
    """A document with its stored state.

    Raises:
        TorchbookError: it has none, or that of another text.
    """
    return Computed(document, read_snapshot(document).fragments, files)


def file_of(address: str, files: Mapping[str, str]) -> str | None:
    """Where a link of the site leads in a folder with these files; None if nowhere."""
    if match := re.match(r"/(?:lessons|projects)/(\d\d|P\d+)[^#]*(#.*)?$", address):
        return f"{files[match[1]]}{match[2] or ''}" if match[1] in files else None
    return None if address.startswith("/") else address


def folded(title: str, inside: str) -> str:
    """Markdown that is folded away."""
    return f"<details>\n<summary>{title}</summary>\n\n{inside}\n\n</details>"


def drawing_of(part: object, shown: Fragment) -> tuple[str, str]:
    """The drawing of a part as SVG or HTML, and its words; both empty if there is none."""
    if isinstance(part, Diagram):
        return drawn(part), part.words
    return shown.drawing, shown.alternative


def text_of_drawing(drawing: str) -> str:
    """What stands in a drawing that is no SVG, as plain text."""
    return " ".join(texts(parsed(drawing)).split())


def outputs(shown: Fragment) -> Iterator[str]:
    """What a cell has shown as blocks of Markdown, without its drawing."""
    for text in (shown.printed, shown.value, shown.error):
        if text.strip():
            yield f"```text\n{text.rstrip()}\n```"
    if shown.table:
        yield markdown(parsed(shown.table))
    if shown.markdown:
        yield shown.markdown


def code_of(part: Control | Cell | Picture) -> str:
    """The Python of a part as a program has it, without the mark of its cell."""
    return "\n".join(program_lines(part)).removeprefix("# %%\n")


def svg_of(drawing: str) -> str:
    """The SVG in a drawing, without what stands around it."""
    return drawing[drawing.index("<svg") : drawing.rindex("</svg>") + len("</svg>")]


def image_inside(svg: str, words: str) -> str:
    """Markdown, for a notebook, of an image that has its drawing in itself."""
    from torchbook.course.export.drawings import alone

    data = base64.b64encode(alone(svg).encode()).decode()
    return f'<img alt="{escape(words)}" src="data:image/svg+xml;base64,{data}">'


def svg_file(drawing: str, folder: Path, name: str, number: int) -> str:
    """Writes a drawing into a file of its own in a folder of that name; returns its address."""
    from torchbook.course.export.drawings import alone

    address = f"{name}/{number:02}.svg"
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / address).write_text(alone(drawing), encoding="utf-8", newline="\n")
    return address
