"""What a document that was exported to marimo needs there: sentences with values in them."""

from torchbook.course.runtime.output import in_prose
from torchbook.course.texts.document_values import filled, values


def written(text: str, *results: object) -> str:
    """Returns Markdown in which each `{{ expression }}` is the text of the result in its place."""
    return filled(
        text, (in_prose(result, where) for result, where in zip(results, values(text, 1, "text"), strict=True))
    )
