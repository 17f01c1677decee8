"""Brings pip into an environment that has none: one wheel from the package index, checked by its SHA-256.

For machines whose Python comes without ensurepip. Standard library only.
"""

import configparser
import hashlib
import html.parser
import os
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urldefrag, urljoin

WHEEL = "pip-26.3-py3-none-any.whl"
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
DEFAULT_INDEX = "https://pypi.org/simple"


class Links(html.parser.HTMLParser):
    """The addresses on an index page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.extend(value for name, value in attrs if name == "href" and value)


def configured(option: str) -> str | None:
    """Return one of pip's own settings: environment first, then its files, the user's over the machine's."""
    value = os.environ.get(f"PIP_{option.upper().replace('-', '_')}")
    if value:
        return value
    home = Path.home()
    parser = configparser.RawConfigParser()
    files = ["/etc/xdg/pip/pip.conf", "/etc/pip.conf", home / ".pip/pip.conf", home / ".config/pip/pip.conf"]
    parser.read([*files, *filter(None, [os.environ.get("PIP_CONFIG_FILE")])])
    for section in ("install", "global"):
        if parser.has_option(section, option):
            return parser.get(section, option).strip()
    return None


def fetch(url: str) -> tuple[str, bytes]:
    """Return the final address and the content of a page or file.

    A minimal system has no certificates to check the index with. What is installed is proved by its SHA-256
    alone, so the connection then goes unchecked, unless the address holds a password.
    """
    certificates = configured("cert")
    checked = ssl.create_default_context(cafile=certificates)
    try:
        return read(url, checked)
    except OSError as error:
        unknown = isinstance(getattr(error, "reason", None), ssl.SSLCertVerificationError)
        if not unknown or "@" in url:
            raise
    return read(url, ssl._create_unverified_context())  # noqa: S323 - see above


def read(url: str, context: ssl.SSLContext) -> tuple[str, bytes]:
    """Read one address."""
    # The address comes from the machine's own pip settings, which may name any kind of mirror.
    request = urllib.request.Request(url, headers={"Accept": "text/html"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=60, context=context) as answer:  # noqa: S310
        return answer.url, answer.read()


def wheel_from(index: str) -> bytes:
    """Return the wheel from an index page; refuses one with another content."""
    page, content = fetch(f"{index.rstrip('/')}/pip/")
    links = Links()
    links.feed(content.decode())
    for link in links.found:
        address = urldefrag(urljoin(page, link)).url
        if address.rsplit("/", 1)[-1] == WHEEL:
            wheel = fetch(address)[1]
            if hashlib.sha256(wheel).hexdigest() != SHA256:
                raise SystemExit(f"{address} is not the pip that was expected (SHA-256 differs).")
            return wheel
    raise SystemExit(f"{index} does not offer {WHEEL}.")


def main() -> None:
    """Install pip into the environment of the Python that runs this."""
    index = configured("index-url") or DEFAULT_INDEX
    try:
        content = wheel_from(index)
    except OSError as error:
        # The address may hold a password: it is not repeated here.
        raise SystemExit(f"The package index could not be read: {error}") from None
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(folder) / WHEEL
        wheel.write_bytes(content)
        options = ["--quiet", "--no-index", "--no-deps"]
        subprocess.run([sys.executable, f"{wheel}/pip", "install", *options, str(wheel)], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
