"""Walks the app as a person does: follows links, reads forms, sends them with whatever one likes."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.test import Client

WRITTEN = {"on": "7 Sep 2026", "date": "5 Feb 1968", "email": "ana@example.org", "phone": "020 7946 0018"}
TYPED = {"text", "search", "email", "tel", "textarea"}


@dataclass
class Form:
    """A form of a page: where it goes, what is in it, which of its fields take typed text."""

    page: str
    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    offers: dict[str, list[str]] = field(default_factory=dict)  # of lists, boxes and radio buttons

    @property
    def shape(self) -> tuple:
        """Forms of one shape are one form, whoever it is about."""
        return shape_of(self.action), self.method, tuple(sorted(self.values))

    @property
    def filled(self) -> dict[str, list[str]]:
        """As a person might send it: what stands there, else the first choice or something written."""
        return {name: held if any(held) else self._filling(name, held) for name, held in self.values.items()}

    def _filling(self, name: str, held: list[str]) -> list[str]:
        if name in self.typed:
            return [WRITTEN.get(name.rpartition("_")[2], "Written")]
        return [value for value in self.offers.get(name, []) if value][:1] or held

    def sent_with(self, value: str) -> dict[str, list[str]]:
        """Every field holds this value."""
        return {name: [value] for name in self.values}


class _Reader(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.page, self.forms, self.links = page, [], []
        self.form: Form | None = None
        self.select = ""

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "a" and given.get("href", "").startswith(("/", "?")):
            self.links.append(_absolute(self.page, given["href"]))
        elif tag == "form":
            action = _absolute(self.page, given.get("action") or self.page)
            self.form = Form(self.page, action, given.get("method", "get").lower())
            self.forms.append(self.form)
        elif self.form and name and name != "csrfmiddlewaretoken":
            self._field(tag, name, given)
        elif self.form and tag == "option" and self.select:
            self._offer(self.select, given)
            if "selected" in given:
                self.form.values[self.select] = [given.get("value", "")]

    def _field(self, tag, name, given):
        held = self.form.values.setdefault(name, [])
        kind = given.get("type", "text") if tag == "input" else tag
        if kind in TYPED:
            self.form.typed.add(name)
        if kind in ("checkbox", "radio"):
            self._offer(name, given)
            held += [given.get("value", "on")] if "checked" in given else []
        elif tag == "input":
            held.append(given.get("value", ""))
        self.select = name if tag == "select" else self.select

    def _offer(self, name, given):
        self.form.offers.setdefault(name, []).append(given.get("value", "on"))

    def handle_endtag(self, tag):
        self.form = None if tag == "form" else self.form
        self.select = "" if tag == "select" else self.select


def _absolute(page: str, address: str) -> str:
    return page.split("?")[0] + address if address.startswith("?") else address


def shape_of(address: str) -> str:
    """An address without its numbers."""
    return re.sub(r"\d+", "N", address.split("?")[0])


def forms_for(client: Client, *starts: str) -> Iterator[Form]:
    """Every form that can be reached by links, one of each shape; two pages of each shape are opened."""
    waiting, opened, met = ["/", *starts], Counter(), set()
    while waiting:
        page = waiting.pop(0)
        if page in opened or opened[shape_of(page)] > 1 or page.startswith("/accounts/logout"):
            continue
        opened[page] += 1
        opened[shape_of(page)] += page != shape_of(page)
        answer = client.get(page, follow=True)
        assert answer.status_code < 500, page
        if "text/html" not in answer["Content-Type"]:
            continue
        reader = _Reader(answer.redirect_chain[-1][0] if answer.redirect_chain else page)
        reader.feed(answer.content.decode())
        waiting += reader.links
        for form in reader.forms:
            if form.shape not in met and not form.action.startswith("/accounts/"):
                met.add(form.shape)
                yield form
