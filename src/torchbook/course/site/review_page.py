"""A few questions that come back after days, `/review/09?q=first,second`: the same card as at the end of a lesson."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from torchbook.course.cards.card import Card, Page
from torchbook.course.cards.quiz_card import QuizCard
from torchbook.course.learner.study import ComeBack
from torchbook.course.learner.workspace import Workspace
from torchbook.course.site import card_files, layout
from torchbook.course.site.document_cards import serve
from torchbook.course.site.document_prose import prose
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.texts import plan
from torchbook.course.texts.quiz import Quiz, quizzes, read_quiz

WORDS = {"kicker": "Come back", "line": "You answered them some days ago. What do you remember?"}
_NUMBERS = {1: "One question", 2: "Two questions", 3: "Three questions"}


def address(due: ComeBack) -> str:
    """The address of the page with these questions."""
    return f"/review/{due.lesson:02}?{urlencode({'q': ','.join(due.questions)}, safe=',')}"


def title(count: int) -> str:
    """Their number in words."""
    return _NUMBERS.get(count, f"{count} questions")


def routes(workspace: Workspace, road: Callable[[], Sequence[LessonStatus]]) -> list[BaseRoute]:
    """The page, and the line to its card."""

    def asked(connection: Request | WebSocket) -> Quiz | None:
        number, files = connection.path_params["number"], quizzes(*workspace.quiz_folders())
        if not number.isdigit() or int(number) not in files:
            return None
        quiz, names = read_quiz(files[int(number)]), connection.query_params.get("q", "").split(",")
        questions = tuple(question for question in quiz.questions if question.id in names)
        return replace(quiz, questions=questions) if questions else None

    def page(request: Request) -> Response:
        quiz = asked(request)
        if quiz is None:
            raise HTTPException(404)
        return HTMLResponse(_html(quiz, road()), headers={"Cache-Control": "no-cache"})

    async def line(socket: WebSocket) -> None:
        quiz = await run_in_threadpool(asked, socket)

        def card(id: str, page: Page) -> Card | None:
            return QuizCard(workspace, quiz, page=page, html=prose, fresh=True) if quiz and id == "questions" else None

        await serve(socket, card, lambda: "")

    return [Route("/review/{number}", page), WebSocketRoute("/review/{number}/cards", line)]


def _html(quiz: Quiz, road: Sequence[LessonStatus]) -> str:
    lesson = plan.planned_lesson(quiz.lesson)
    name = title(len(quiz.questions))
    head = card_files.styles() + layout.head(styles=("code.css", "page.css"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name} · torchbook</title>{head}'
        f'<script type="module" src="{card_files.script_address()}"></script></head>'
        f'<body class="page">{layout.bar(road)}<div class="page-grid"><main id="content">'
        f'<article class="lesson-page narrow"><header><p class="kicker">{WORDS["kicker"]}</p><h1>{name}</h1>'
        f'<p class="standfirst">{WORDS["line"]}</p></header>'
        f'<section><details class="card" id="questions" data-card="quiz" data-name="{quiz.lesson}" open>'
        f'<summary><span class="kicker">{quiz.lesson:02}</span><b>{escape(lesson.title)}</b><small></small>'
        f'</summary><p></p><p class="in-terminal">In a terminal: <code>torchbook quiz {quiz.lesson:02}</code></p>'
        f"</details></section></article></main></div>{layout.foot()}</body></html>"
    )
