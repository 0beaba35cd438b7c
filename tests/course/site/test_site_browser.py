"""The site in Chromium: the road, a lesson, the keyboard, a server that dies, a phone."""

import re

import pytest
from playwright.sync_api import expect
from waiting import until

from torchbook.course.learner import progress
from torchbook.course.site import bookmarks
from torchbook.course.texts.document import address_of, documents, projects

pytestmark = pytest.mark.browser


def opened(page, site, address="/lessons/08"):
    """The page of a lesson."""
    page.goto(site.url + address)
    page.locator(".lesson-page h1").wait_for()
    return page


def test_the_road_leads_to_a_lesson_and_on(site_once, page):
    site = site_once
    (site.workspace.folder / "places.json").unlink(missing_ok=True)  # nobody was here before
    page.goto(site.url)
    expect(page).to_have_title("From tensor to GAN · torchbook")
    assert page.locator(".stop").count() == 33 + len(projects())
    expect(page.get_by_role("link", name="An engine of your own")).to_have_attribute("href", "/projects/P1-engine/")
    page.get_by_role("link", name=re.compile("^Begin")).click()
    first, second, *_ = map(address_of, documents().values())
    expect(page).to_have_url(site.url + first)
    expect(page.get_by_role("heading", level=1)).to_have_text("What deep learning is")
    page.get_by_role("link", name=re.compile("Next")).click()
    expect(page).to_have_url(site.url + second)
    page.get_by_role("link", name=re.compile("Previous")).click()
    expect(page).to_have_url(site.url + first)


def test_questions_that_come_back_have_the_width_of_a_lesson(site_once, page):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{site_once.url}/review/08?q=which-way,epoch-or-step")
    until(lambda: page.locator(".card").bounding_box()["width"] > 500)


@pytest.mark.parametrize("secure", [True, False])
def test_code_is_copied_with_and_without_a_clipboard_of_the_browser(site_once, page, secure):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not secure:  # as http from another machine
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    opened(page, site_once)
    code = page.locator(".cell .code").first
    line = code.locator("pre").text_content().splitlines()[0]
    code.hover()
    code.get_by_role("button", name="Copy").click()
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.press("Control+V")
    expect(page.get_by_role("combobox", name="Search the course")).to_have_value(re.compile(re.escape(line)))


def test_the_menu_by_keyboard(site_once, page):
    page.goto(site_once.url + "/glossary")
    menu = page.locator(".site-menu summary")
    menu.focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("navigation", name="Lessons").get_by_role("link", name="09 Autograd")
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
    expect(page.locator(".formula math")).to_be_visible()
    page.wait_for_load_state()  # nobody listens to keys before
    page.keyboard.press("/")
    page.keyboard.type("learning rate")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=learning\+rate"))
    expect(page.locator(".site-results li").first).to_contain_text("learning rate")
    page.wait_for_load_state()
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
    opened(page, site, "/lessons/09")
    heading = page.locator("#the-graph-and-the-chain-rule")
    heading.evaluate("one => one.scrollIntoView({ block: 'start', behavior: 'instant' })")
    until(lambda: (place := bookmarks.last(site.workspace)) and place.heading == "The graph, and the chain rule")
    assert 0 < bookmarks.last(site.workspace).share < 1
    page.goto(site.url)
    page.get_by_role("link", name=re.compile("^Continue")).click()
    expect(page).to_have_url(f"{site.url}/lessons/09-autograd/#the-graph-and-the-chain-rule")
    expect(heading).to_be_in_viewport()


def test_progress_made_elsewhere_is_seen(site_once, page):
    site = site_once
    opened(page, site)
    progress.record(site.workspace.database, "mean_squared_error", "attempt", outcome="passed", fingerprint="a")
    expect(page.locator(".site-done")).to_have_text(re.compile(r"1/\d+ exercises passed"))


def test_the_address_with_the_token_is_a_link_for_other_pages_and_no_more(serve, page):
    site = serve(token="secret word")
    command = f"{site.url}/lessons/08-gradient-descent/"
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


def test_a_server_that_dies_comes_back(serve, page):
    site = serve()
    opened(page, site)
    site.kill()
    message = page.get_by_role("alert").filter(has_text="server has stopped")
    expect(message).to_be_visible()
    expect(message).to_contain_text("saved")
    expect(page.locator("#content")).to_have_attribute("inert", "")  # what is typed now could not be saved
    site.start()
    expect(message).to_be_hidden(timeout=60_000)  # loaded anew
    expect(page.locator("#content")).not_to_have_attribute("inert", "")
    page.troubles[:] = [one for one in page.troubles if "ERR_CONNECTION" not in one and "WebSocket" not in one]


ADDRESSES = ("/", "/glossary", "/glossary/softmax", "/search?q=loss", "/recipes", "/formulas", "/data/iris", "/no")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_fits_a_phone_and_keeps_nobody_out(site_once, page, barriers, address):
    page.goto(site_once.url + address)
    if address.startswith("/data/"):
        page.locator(".site-card-frame").wait_for(timeout=240_000)  # it is made first, by a process that imports torch
    faults = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        faults += barriers(page, only=["color-contrast"] if scheme == "dark" else ())
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness = sum(map(int, re.findall(r"\d+", paper)[:3]))
        assert brightness > 600 if scheme == "light" else brightness < 120
    assert not faults, "\n".join(faults)
    page.set_viewport_size({"width": 390, "height": 844})
    until(lambda: page.evaluate("document.documentElement.scrollWidth") <= 390)
    page.locator(".site-menu summary").click()
    until(lambda: page.evaluate("document.documentElement.scrollWidth") <= 390)
    page.troubles[:] = [trouble for trouble in page.troubles if "404" not in trouble]  # the page for what is not there
