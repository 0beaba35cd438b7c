"""A document as one HTML file that loads nothing and needs no script: text, numbers and stills, light and dark."""

import base64
import re
from collections.abc import Mapping
from html import escape

from torchbook.course.export.document_text import Computed, file_of
from torchbook.course.export.questions import quiz_parts
from torchbook.course.grading.exercise import exercises
from torchbook.course.site import picture_files, typefaces
from torchbook.course.site.document_article import Article
from torchbook.course.site.document_prose import inline, prose
from torchbook.course.site.layout import STATIC
from torchbook.course.texts.document_parts import Picture

_SHEETS = ("site.css", "code.css", "page.css")
_STILL = ".page-grid{display:block}.controls{opacity:.6}.lesson-page{padding-bottom:3rem}footer{margin:4rem 0}"


def written_as_html(computed: Computed) -> str:
    """Returns the document as an HTML page."""
    front, label = computed.document.front, computed.document.label
    by_name = {exercise.name: exercise for exercise in exercises()}
    body = _linked(_Still(computed.document, computed.fragments, exercises=by_name).html(), computed.files)
    kind = "Project" if computed.document.is_project else "Lesson"
    style = "".join((STATIC / name).read_text(encoding="utf-8") for name in _SHEETS)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{label} {escape(front.title)} · '
        'torchbook</title>\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_faces('<math' in body)}{style}{picture_files.style()}{_STILL}</style>\n</head>\n"
        f'<body class="page"><div class="page-grid"><main><article class="lesson-page"><header>'
        f'<p class="kicker">{kind} {label}</p><h1>{escape(front.title)}</h1>'
        f'<p class="standfirst">{_linked(inline(front.line), computed.files)}</p></header>{body}'
        f"<footer>The pictures stand still here. <code>torchbook learn</code> opens {kind.lower()} {label} with "
        "pictures to touch, and checks what you write.</footer></article></main></div></body>\n</html>\n"
    )


class _Still(Article):
    """An article in which nothing waits for a script."""

    scripted = False

    def _picture(self, part: Picture) -> str:
        shown = self.fragments.get(part.id)
        return f'<div class="picture" id="{part.id}"><div class="still">{shown.drawing if shown else ""}</div></div>'

    def _quiz(self, lesson: int) -> tuple[str, str]:
        return "Quiz", "".join(
            f"{prose(question)}<details><summary>Answer</summary>{prose(answer)}</details>"
            for question, answer in quiz_parts(lesson)
        )


def _linked(html: str, files: Mapping[str, str]) -> str:
    """The page with its links led to the files that lie beside it; what leads nowhere is words."""

    def link(match: re.Match[str]) -> str:
        address = file_of(match[1], files)
        return f' href="{address}"' if address else ""

    return re.sub(r'\shref="(/[^"]*)"', link, html)


def _faces(formulas: bool) -> str:
    """The style sheet of the faces with the files in it; that of formulas is the largest."""
    style = typefaces.style()
    for name in typefaces.FACES:
        address = f'url("{typefaces.address(name)}")'
        if name == "math" and not formulas:
            continue
        data = base64.b64encode(typefaces.face_file(name).read_bytes()).decode()
        style = style.replace(address, f"url(data:font/woff;base64,{data})")
    rules = re.findall(r"@font-face \{[^}]*\}", style)
    return "".join(rule for rule in rules if "/static/" not in rule)
