"""The site in Chromium: the road, a lesson, the keyboard, two tabs, a server that dies, a phone."""

import re

import psutil
import pytest
from playwright.sync_api import expect
from waiting import until

from torchbook.course.learner import progress
from torchbook.course.site import bookmarks

pytestmark = pytest.mark.browser


def opened(page, site, address="/lessons/08"):
    """The page of a lesson, once it is there."""
    page.goto(site.url + address)
    page.locator(".lesson.is-there").wait_for()
    page.get_by_text("Twice is", exact=False).and_(page.locator(".paragraph")).wait_for()
    return page


def test_the_road_leads_to_a_lesson_and_on(site_once, page):
    site = site_once
    (site.workspace.folder / "places.json").unlink(missing_ok=True)  # nobody was here before
    page.goto(site.url)
    expect(page).to_have_title("From tensor to GAN · torchbook")
    assert page.locator(".stop").count() == 33
    page.get_by_role("link", name=re.compile("^Begin")).click()
    expect(page).to_have_url(f"{site.url}/lessons/08-gradient-descent/")
    page.locator(".lesson.is-there").wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gradient descent")
    page.get_by_role("link", name=re.compile("Next")).click()
    expect(page).to_have_url(f"{site.url}/lessons/09-autograd/")
    page.locator(".lesson.is-there").wait_for()
    page.get_by_role("link", name=re.compile("Previous")).click()
    expect(page).to_have_url(f"{site.url}/lessons/08-gradient-descent/")


# The first change needs longer on its way than those that follow it.
SLOW = """const send = window.fetch;
let first = true;
let underway = 0;
window.overlap = false;
window.fetch = async (request, options) => {
  if (!String(request.url ?? request).includes("set_ui_element_value")) return send(request, options);
  window.overlap ||= underway++ > 0;
  if (first) await new Promise((done) => (window.release = done), (first = false));
  try {
    return await send(request, options);
  } finally {
    underway -= 1;
  }
};"""


def test_the_last_change_wins_though_the_first_is_late(site_once, page):
    page.add_init_script(SLOW)
    opened(page, site_once)
    slider = page.get_by_role("slider")
    for value in (4, 5, 6):
        slider.press("ArrowRight")
        expect(slider).to_have_attribute("aria-valuenow", str(value))
    page.wait_for_function("Boolean(window.release)")
    page.evaluate("window.release()")
    expect(page.locator(".paragraph", has_text="Twice is 12.")).to_be_visible()
    assert not page.evaluate("window.overlap"), "two changes are on their way at once: the later may arrive first"


def test_a_lesson_reacts_and_shows_its_code(site_once, page):
    opened(page, site_once)
    expect(page.locator(".lesson-code", has_text="mo.ui.slider")).to_be_visible()
    expect(page.locator(".lesson-code", has_text="twice = ")).to_have_count(0)  # what the lesson hides
    expect(page.locator(".cm-editor")).to_have_count(0)
    page.get_by_text("What this lesson imports").click()
    expect(page.locator(".lesson-code", has_text="import marimo as mo")).to_be_visible()
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".paragraph", has_text="Twice is 8.")).to_be_visible()
    for chrome in ("notebook-actions-dropdown", "watermark", "fullscreen-output-button"):
        for one in page.get_by_test_id(chrome).all():
            expect(one).to_be_hidden()


@pytest.mark.parametrize("secure", [True, False])
def test_code_is_copied_with_and_without_a_clipboard_of_the_browser(site_once, page, secure):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not secure:  # as http from another machine
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    opened(page, site_once)
    code = page.locator(".lesson-code", has_text="mo.ui.slider")
    code.hover()
    code.get_by_role("button").click()
    expect(code.get_by_role("button")).to_have_text("Copied")
    page.keyboard.press("/")
    page.keyboard.press("Control+V")
    expect(page.get_by_role("combobox")).to_have_value(re.compile(r"^rate = mo\.ui\.slider"))
    expect(code.get_by_role("button")).to_have_text("Copy")


def test_where_a_cell_fails_it_is_said(serve, lessons, page):
    file = next(lessons.glob("08_*.py"))
    file.write_text(file.read_text().replace("twice = 2 * rate.value", "twice = 2 * rate.value / 0"))
    page.goto(serve(lessons=lessons).url + "/lessons/08")
    expect(page.get_by_role("alert")).to_contain_text("This cell has stopped with an error")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gradient descent")


def test_the_menu_by_keyboard(site_once, page):
    page.goto(site_once.url + "/glossary")
    menu = page.locator(".site-menu summary")
    menu.focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("navigation", name="Lessons").get_by_role("link", name="Autograd")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    link.click()
    expect(page).to_have_url(f"{site_once.url}/lessons/09-autograd/")


def test_search_by_keyboard(site_once, page):
    opened(page, site_once)
    page.locator("body").press("/")
    box = page.get_by_role("combobox", name="Search the course")
    expect(box).to_be_focused()
    page.keyboard.type("softm")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("softmax")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "site-found-0")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site_once.url}/glossary/softmax")
    expect(page.locator(".formula .katex")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("learning rate")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=learning\+rate"))
    expect(page.locator(".site-results li").first).to_contain_text("learning rate")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox")).not_to_be_focused()


def test_a_slash_that_is_typed_stays_where_it_is(site_once, page):
    page.goto(site_once.url + "/glossary")
    box = page.get_by_role("combobox")
    box.focus()
    page.keyboard.type("a/b")
    expect(box).to_have_value("a/b")


def test_where_one_left_off(site_once, page):
    site = site_once
    opened(page, site)
    page.locator("#far-below").scroll_into_view_if_needed()
    page.mouse.wheel(0, 600)
    until(lambda: (place := bookmarks.last(site.workspace)) and place.heading == "Far below")
    page.goto(site.url)
    page.get_by_role("link", name=re.compile("^Continue")).click()
    expect(page).to_have_url(f"{site.url}/lessons/08-gradient-descent/#far-below")
    page.locator(".lesson.is-there").wait_for()
    expect(page.locator("#far-below")).to_be_in_viewport()


def test_a_second_tab_is_a_session_of_its_own(site_once, page):
    opened(page, site_once)
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".paragraph", has_text="Twice is 8.")).to_be_visible()
    other = page.context.new_page()
    opened(other, site_once)
    expect(other.locator(".paragraph", has_text="Twice is 6.")).to_be_visible()
    other.close()
    expect(page.locator(".paragraph", has_text="Twice is 8.")).to_be_visible()


def test_progress_made_elsewhere_is_seen(site_once, page):
    site = site_once
    opened(page, site)
    progress.record(site.workspace.database, "mean_squared_error", "attempt", outcome="passed", fingerprint="a")
    expect(page.locator("[data-exercises]")).to_have_text("1 of 3 exercises")
    expect(page.locator(".site-done")).to_have_text(re.compile(r"1/\d+ exercises passed"))


def test_the_address_with_the_token_is_a_link_for_other_pages_and_no_more(serve, lessons, page):
    site = serve(lessons=lessons, token="secret word")
    command = f"{site.url}/lessons/08-gradient-descent/api/kernel/function_call"
    elsewhere = "http://localhost:1/mail"  # of another site, as browsers see it
    mail = (
        f'<a href="{site.url}/?token=secret%20word">the course</a>'
        f'<form method="post" action="{command}"><button>trap</button></form>'
    )
    page.route(elsewhere, lambda route: route.fulfill(body=mail, content_type="text/html"))
    page.goto(elsewhere)
    page.get_by_role("link").click()
    expect(page).to_have_title("From tensor to GAN · torchbook")
    assert page.url == f"{site.url}/"
    page.goto(elsewhere)
    page.get_by_role("button").click()
    expect(page.get_by_text("a page of another site may not use this server")).to_be_visible()
    page.troubles[:] = [trouble for trouble in page.troubles if "403" not in trouble]


def test_a_closed_tab_ends_its_session_and_a_server_that_dies_comes_back(serve, lessons, page):
    site = serve(lessons=lessons)
    # What a lesson has started as threads of its session ends with the tab, after a moment's patience.
    opened(page, site)
    server = psutil.Process(site.process.pid)
    busy = server.num_threads()
    page.goto("about:blank")
    until(lambda: server.num_threads() < busy)

    opened(page, site)
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".paragraph", has_text="Twice is 8.")).to_be_visible()
    site.kill()
    said = page.get_by_role("alert").filter(has_text="server has stopped")
    expect(said).to_be_visible()
    expect(said).to_contain_text("saved")
    expect(page.locator("#content")).to_have_attribute("inert", "")  # what is typed now could not be saved
    site.start()
    expect(page.locator(".paragraph", has_text="Twice is 6.")).to_be_visible(timeout=60_000)  # loaded anew
    expect(said).to_be_hidden()
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".paragraph", has_text="Twice is 8.")).to_be_visible()
    page.troubles[:] = [one for one in page.troubles if "ERR_CONNECTION" not in one and "WebSocket" not in one]


ADDRESSES = ("/", "/lessons/08", "/glossary", "/glossary/softmax", "/search?q=loss", "/recipes", "/data/iris", "/no")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_fits_a_phone_and_keeps_nobody_out(site_once, page, barriers, address):
    opened(page, site_once) if address == "/lessons/08" else page.goto(site_once.url + address)
    faults = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        faults += barriers(page, only=["color-contrast"] if scheme == "dark" else ())
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness = sum(map(int, re.findall(r"\d+", paper)[:3]))
        assert brightness > 600 if scheme == "light" else brightness < 120
    assert not faults, "\n".join(faults)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".site-menu summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.troubles[:] = [trouble for trouble in page.troubles if "404" not in trouble]  # the page for what is not there
