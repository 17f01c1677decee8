"""A real Chromium against the real app; pages are watched for errors, blocked content, foreign requests."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from playwright.sync_api import sync_playwright

from planner.demo.place import PASSWORD, build_place
from tests.conftest import WORLD

# Playwright's sync API runs an event loop in this thread; Django would refuse the fixtures' queries there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

A_MORNING = "2026-12-03T10:07:00Z"  # a Thursday in London; the next clock change is after visit 4
CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)


@pytest.fixture
def moment():
    """The clock of the app, standing on a morning and ticking on; `moment.shift(...)` lets time pass."""
    with time_machine.travel(A_MORNING, tick=True) as traveller:
        yield traveller


@pytest.fixture
def place(moment, transactional_db):
    """The demo's clinic without its stories: people, rooms, hours, stock, approved rules and texts."""
    from clinic import clock

    return build_place(clock.now())


@pytest.fixture(scope="session")
def chromium(django_db_setup, django_db_blocker):
    """One browser for all journeys; within its event loop, Django's connections are others."""
    with django_db_blocker.unblock():
        WORLD.end()
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


class Watched:
    """What went wrong on any page of a journey."""

    def __init__(self, origin: str):
        self.origin = origin
        self.faults: list[str] = []

    def watch(self, page) -> None:
        """Listen to one page."""
        page.on("console", lambda message: self._console(message))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", lambda request: self._request(request.url))
        page.on("response", lambda response: self._response(response))

    def _console(self, message) -> None:
        # A refused form answers 422 on purpose; Chromium logs that as a failed resource. htmx logs a request
        # that a newer one replaced (hx-sync) as afterRequest and sendAbort; a failed one is a sendError.
        if (
            message.type == "error"
            and not message.text.startswith(("htmx:afterRequest", "htmx:sendAbort"))
            and "status of 422" not in message.text
            and "status of 409" not in message.text
            and "ERR_INTERNET_DISCONNECTED" not in message.text  # a journey that pulls the plug itself
        ):
            self.faults.append(f"console: {message.text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.faults.append(f"foreign request: {url}")

    def _response(self, response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status}: {response.url}")


@pytest.fixture
def enter(chromium, live_server, settings):
    """Open a browser as a person: `enter("rosa@demo.example")` gives a signed-in page."""
    settings.PUBLIC_URL = live_server.url  # the addresses that patients are given
    watched, contexts = Watched(live_server.url), []

    def as_person(email: str, width: int = 1280, height: int = 800, touch: bool = False):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            has_touch=touch,
            locale="en-GB",
        )
        contexts.append(context)
        context.set_default_timeout(8000)
        page = context.new_page()
        watched.watch(page)
        page.goto("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/")
        return page

    yield as_person
    for number, context in enumerate(contexts):
        if folder := os.environ.get("JOURNEY_PICTURES"):  # what each person saw last, to look at
            context.pages[0].screenshot(path=Path(folder) / f"person-{number}.png", full_page=True)
        context.close()
    assert watched.faults == []


@pytest.fixture
def download(tmp_path):
    """Fetch a document as the signed-in person of a page does, and keep it as a file."""

    def fetch(page, url: str) -> Path:
        response = page.request.get(url)
        assert response.status == 200, response.status
        file = tmp_path / "document.pdf"
        file.write_bytes(response.body())
        return file

    return fetch
