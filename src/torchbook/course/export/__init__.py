"""Documents with their outputs for Jupyter and marimo, for a browser without a server, and for a code host.

document_text       a document with its stored state, as Markdown     as_markdown     HTML as Markdown
document_notebook, document_marimo, document_html, document_markdown  the formats     drawings        pictures as files
answer_cell         checks an answer in a notebook                    marimo_text     what a marimo notebook needs
"""

from torchbook.course.export.command import lessons

__all__ = ["lessons"]
