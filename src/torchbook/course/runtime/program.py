"""A document as a Python program that runs: controls are assignments, prose is comments, cells begin with `# %%`."""

from collections.abc import Iterator

from torchbook.course.texts.document import Document
from torchbook.course.texts.document_parts import Cell, Control, Heading, Part, Picture, Prose, TrueCurve, TrueNumber


def program(document: Document) -> str:
    """The text of the program, which editors that know `# %%` show as a notebook."""
    front = document.front
    sections = [f'"""{front.title}: {front.line} Made from {document.name}."""']
    sections += [text for part in document.flat if (text := "\n".join(program_lines(part)))]
    return "\n\n".join(sections) + "\n"


def program_lines(part: Part) -> Iterator[str]:
    """Yields the lines of a part, and first the mark of its cell."""
    if isinstance(part, Heading):
        yield f"# %% [markdown]\n# {'#' * part.level} {part.text}"
    elif isinstance(part, Prose | TrueNumber | TrueCurve):
        yield "\n".join(f"# {line}".rstrip() for line in part.text.splitlines())
    elif isinstance(part, Control) and part.expression:
        yield f"# %%\n{part.name} = list({part.expression})[0]  # {part.label}: one of {part.expression}"
    elif isinstance(part, Control):
        yield f"# %%\n{part.name} = {part.value!r}  # {_range(part)}"
    elif isinstance(part, Picture):
        yield f"# %%\n{part.expression}"
    elif isinstance(part, Cell) and part.kind == "rubric":
        return
    elif isinstance(part, Cell) and not part.raises:
        yield f"# %%\n{part.source}"
    elif isinstance(part, Cell):
        yield "# %%\ntry:"
        yield from (f"    {line}".rstrip() for line in part.source.splitlines())
        # A name of its own: Python takes it away again, and a lesson may have an `error`.
        caught = f"_{part.raises}"
        yield f"except Exception as {caught}:\n    {part.raises} = {caught}\n    print(repr({caught}))"


def _range(control: Control) -> str:
    if control.kind == "button":
        return f"{control.label}: how often it was pressed"
    if control.options:
        return f"{control.label}: one of {', '.join(map(repr, control.options))}"
    ends = [f"{end:g}" for end in (control.minimum, control.maximum) if end is not None]
    return f"{control.label}: from {' to '.join(ends)}" if ends else control.label
