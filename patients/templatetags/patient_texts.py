"""How stored consent texts are laid out: paragraphs with a heading line, separated by an empty line."""

from django import template

register = template.Library()


@register.filter
def paragraphs(body: str) -> list[tuple[str, list[str]]]:
    """Split a text into (heading, lines); a paragraph of one line has no heading."""
    parts = [part.strip() for part in body.replace("\r\n", "\n").split("\n\n")]
    blocks = [part.splitlines() for part in parts if part]
    return [(lines[0], lines[1:]) if len(lines) > 1 else ("", lines) for lines in blocks]
