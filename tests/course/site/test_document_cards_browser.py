"""The cards of a document's page in Chromium: an exercise and a quiz are answered by keyboard, and nothing is lost."""

import re

import pytest
from playwright.sync_api import expect
from waiting import until

from torchbook.course.grading.exercise import exercises
from torchbook.course.learner import progress
from torchbook.course.texts.quiz import quizzes, read_quiz

pytestmark = pytest.mark.browser

EXERCISE = next(exercise for exercise in exercises() if exercise.name == "slopes_by_autograd")
WRONG = EXERCISE.solution.replace("x.detach().requires_grad_()", "x.requires_grad_()")


def opened(page, site, kind="exercise"):
    """Opens the lesson and its card of that kind."""
    page.goto(f"{site.url}/lessons/70-slopes/")
    card = page.locator(f"details[data-card={kind}]")
    if card.get_attribute("open") is None:
        card.locator("summary").first.click()
    return card


def kept(site):
    """The copies of answers that were put aside."""
    return sorted(copy.read_text() for copy in (site.workspace.folder / "kept").glob(f"{EXERCISE.name}.*"))


class Relay:
    """Passes on what a page says to the cards' server, or keeps it while it `holds`."""

    def __init__(self, page):
        self.page, self.holds, self.late = page, False, []
        page.route_web_socket(re.compile("/lessons/70-slopes/cards"), self._meet)

    def _meet(self, line):
        server = line.connect_to_server()
        line.on_message(lambda message: self.late.append((server, message)) if self.holds else server.send(message))

    def let_go(self):
        self.holds = False
        for server, message in self.late:
            server.send(message)

    def wait(self, condition):
        """Waits while messages are passed on."""
        until(lambda: condition() or self.page.evaluate("() => 0"))


def test_an_exercise_is_answered(slopes_site, page, barriers):
    answer = slopes_site.workspace.answer(EXERCISE)
    card = opened(page, slopes_site)
    editor = card.get_by_role("textbox", name="Your answer to")
    expect(editor).to_have_value(EXERCISE.starter)

    # Tab walks past an editor in which nobody has written; in it Tab indents, and Escape opens the way out.
    editor.focus()
    page.keyboard.press("Tab")
    expect(card.get_by_role("button", name="Check", exact=True)).to_be_focused()
    editor.press("Control+a")
    page.keyboard.type("def slopes(function, x):\nwhile True:\npass\n")
    page.keyboard.press("Tab")
    typed = "def slopes(function, x):\n    while True:\n        pass\n    "
    expect(editor).to_have_value(re.compile(re.escape(typed)))
    until(lambda: answer.read_text().startswith(typed))
    page.keyboard.press("Control+Enter")
    card.get_by_role("button", name="Stop").click()
    expect(card.locator(".tb-verdict")).to_contain_text("You stopped it after")
    page.keyboard.press("Escape")

    editor.fill(WRONG)
    editor.press("Control+Enter")
    verdict = card.locator(".tb-verdict")
    expect(verdict).to_contain_text("A known mistake: callers tensor")
    expect(verdict.locator(".tb-case").first).to_be_visible()
    expect(verdict.locator(".tb-more .tb-case").first).to_be_hidden()
    card.get_by_role("button", name="Hint").click()
    expect(card.get_by_text("Hint 1 of 3")).to_be_visible()
    card.get_by_role("button", name="Solution (locked)").click()
    expect(card.get_by_text("opens after a pass or three honest tries")).to_be_visible()
    assert not barriers(page)

    solved = page.locator(".solved")
    expect(solved).not_to_have_attribute("open", "")
    editor.fill(EXERCISE.solution)
    editor.press("Control+Enter")
    expect(verdict).to_contain_text("✓ passed")
    expect(verdict.locator(".tb-insight math").first).to_be_visible()
    expect(card.locator("summary small")).to_contain_text("✓ passed")
    expect(solved).to_have_attribute("open", "")
    card.get_by_role("button", name="Solution").click()
    expect(card.locator(".tb-columns pre")).to_have_count(2)
    expect(page.locator(".site-done b")).to_have_text("1")

    # What is typed here is there in a second tab, and what was not saved before the server was gone comes again.
    other = opened(page.context.new_page(), slopes_site)
    expect(other.get_by_role("textbox")).to_have_value(EXERCISE.solution)
    editor.fill(WRONG)
    expect(other.get_by_role("textbox")).to_have_value(WRONG)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        until(lambda width=width: page.evaluate("() => document.documentElement.scrollWidth") <= width)


def test_what_was_typed_beside_another_editor_is_kept_once(slopes_site, page):
    answer, line = slopes_site.workspace.answer(EXERCISE), Relay(page)
    editor = opened(page, slopes_site).get_by_role("textbox")
    expect(editor).to_be_visible()
    before = kept(slopes_site)
    editor.fill("first = 1\n")
    line.wait(lambda: answer.read_text() == "first = 1\n")
    # The page's next message arrives late; until then another editor saves and the learner types on.
    line.holds = True
    editor.fill("typed = 2\n")
    line.wait(lambda: line.late)
    answer.write_text("elsewhere = 3\n")
    editor.fill("typed = 2\nand = 4\n")
    line.let_go()
    expect(page.get_by_text("Another editor had saved")).to_be_visible()
    line.wait(lambda: kept(slopes_site) == sorted([*before, "typed = 2\n", "typed = 2\nand = 4\n"]))
    expect(editor).to_have_value("elsewhere = 3\n")
    assert answer.read_text() == "elsewhere = 3\n"

    # Nothing of it comes again, not even when the file is again what it was typed over.
    page.goto("about:blank")
    answer.write_text("first = 1\n")
    expect(opened(page, slopes_site).get_by_role("textbox")).to_have_value("first = 1\n")
    assert answer.read_text() == "first = 1\n" and len(kept(slopes_site)) == len(before) + 2


def test_a_slow_server_is_no_other_editor(slopes_site, page):
    """What is typed while an earlier text is still on its way waits for the answer to that."""
    answer, line = slopes_site.workspace.answer(EXERCISE), Relay(page)
    card = opened(page, slopes_site)
    editor = card.get_by_role("textbox")
    expect(editor).to_be_visible()
    before = kept(slopes_site)
    line.holds = True
    editor.fill("early = 1\n")
    line.wait(lambda: line.late)
    expect(card.get_by_text("The course does not answer")).to_be_visible()
    editor.fill("early = 1\nlater = 2\n")
    editor.press("Control+Enter")
    line.let_go()
    line.wait(lambda: answer.read_text() == "early = 1\nlater = 2\n")
    expect(card.get_by_text("The course does not answer")).to_have_count(0)
    assert kept(slopes_site) == before


def test_what_the_server_never_got_is_not_lost(slopes_site, page):
    exercise, text = EXERCISE, "typed = 1\n"
    card = opened(page, slopes_site)
    editor = card.get_by_role("textbox")
    editor.fill("saved = 1\n")
    until(lambda: slopes_site.workspace.answer(exercise).read_text() == "saved = 1\n")
    until(lambda: "saved" not in page.evaluate("() => JSON.stringify(localStorage)"))  # the page knows it, too
    slopes_site.kill()
    editor.fill(text)
    until(lambda: "typed" in page.evaluate("() => JSON.stringify(localStorage)"))
    page.evaluate("() => sessionStorage.clear()")  # as in a tab of its own: the card is folded
    page.goto("about:blank")
    slopes_site.start()
    page.goto(f"{slopes_site.url}/lessons/70-slopes/")
    until(lambda: slopes_site.workspace.answer(exercise).read_text() == text)
    page.troubles.clear()  # the server was gone


def test_a_quiz_is_answered(slopes_site, page, barriers):
    card = opened(page, slopes_site, "quiz")
    question = card.locator(".tb-question").filter(has=page.get_by_role("radio")).first
    question.get_by_role("button", name="Answer").click()
    expect(question.get_by_role("alert")).to_contain_text("nothing is chosen")
    question.get_by_role("radio").first.check()
    question.get_by_role("button", name="Answer").click()
    expect(question.get_by_text(re.compile("✓ right|✗ wrong"))).to_be_visible()
    expect(question.locator(".tb-reason:not(:empty)")).to_have_count(question.get_by_role("radio").count())
    expect(card.locator("summary small")).to_have_text(re.compile(r"[01] of \d+ right"))
    answered = next(one.id for one in read_quiz(quizzes()[9]).questions if one.options)
    assert answered in progress.quiz_results(slopes_site.workspace.database)[9]
    assert not barriers(page)
    page.reload()  # it stands open as before
    expect(question.get_by_role("button", name="Try again")).to_be_visible()


def test_what_is_typed_or_ordered_has_a_second_try(slopes_site, page, barriers):
    card = opened(page, slopes_site, "quiz")
    questions = {one.id: one for one in read_quiz(quizzes()[9]).questions}
    typed = next(one for one in questions.values() if one.kind == "number")
    form = card.locator(f"[aria-labelledby='tb-question-{typed.id}-ask']")
    form.get_by_role("textbox").fill("-12345")
    form.get_by_role("textbox").press("Enter")
    expect(form.get_by_text("✗ not yet")).to_be_visible()
    expect(form.get_by_text("The answer is")).to_have_count(0)
    form.get_by_role("button", name="Try again").click()
    expect(form.get_by_role("textbox")).to_be_focused()
    form.get_by_role("textbox").fill(f"{typed.answer:.10g}")
    form.get_by_role("textbox").press("Enter")
    expect(form.get_by_text("✓ right")).to_be_visible()

    ordered = next(one for one in questions.values() if one.items)
    form = card.locator(f"[aria-labelledby='tb-question-{ordered.id}-ask']")
    first = form.get_by_role("listitem").first.locator(".tb-prose").text_content()
    form.get_by_role("button", name="move down").first.press("Enter")
    expect(form.get_by_role("listitem").nth(1).locator(".tb-prose")).to_have_text(first)  # moved by keyboard
    form.get_by_role("button", name="Answer").press("Enter")
    form.get_by_role("button", name="Show the answer").press("Enter")
    expect(form.get_by_text("The answer is")).to_be_visible()
    expect(form.get_by_role("button", name="Show the answer")).to_be_hidden()
    assert not barriers(page)
