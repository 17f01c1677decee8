"""Reads pages the way people do: the words of a part, without its markup."""

import html
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext


def words(page: str) -> str:
    """The text of a page or a part of it, on one line."""
    bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page, flags=re.S)
    text = html.unescape(re.sub(r"<[^>]+>", " ", bare)).replace("\u00a0", " ")
    return re.sub(r"\s+([,.])", r"\1", re.sub(r"\s+", " ", text)).strip()


def main(response) -> str:
    """The words of a page's main part."""
    page = response.content.decode()
    return words(page[page.index("<main") : page.index("</main>")])


def rows(response, tag: str = "tr") -> list[str]:
    """The words of each row of a page."""
    page = response.content.decode()
    found = re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", page[page.index("<main") :], flags=re.S)
    return [words(row) for row in found]


def queries(client, url: str, *, known: bool = False) -> int:
    """How many queries a page takes once everything that stays in memory is there; `known`: it is."""
    if not known:
        client.get(url)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(url).status_code == 200
    return len(taken)
