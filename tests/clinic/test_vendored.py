"""Third-party files are what the manifest says, with their licences, and point only at what is here."""

import hashlib
import json
import re
from importlib.metadata import version
from pathlib import Path

import clinic

STATIC = Path(clinic.__file__).parent / "static"
VENDOR = STATIC / "vendor"
PACKAGES = json.loads((VENDOR / "manifest.json").read_text())


def test_manifest_lists_every_vendored_file_with_its_hash():
    on_disk = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    listed = {
        f"{package['name']}-{package['version']}/{name}": digest
        for package in PACKAGES
        for name, digest in package["files"].items()
    }
    assert on_disk == listed


def test_manifest_names_licence_and_source_of_every_package():
    wanted = {"name", "version", "licence", "source", "integrity", "changes", "files"}
    for package in PACKAGES:
        assert set(package) == wanted
        assert package["source"].endswith(f"@{package['version']}")
        assert package["integrity"].startswith("sha512-")
        assert "LICENSE" in package["files"]


def test_stylesheets_refer_only_to_files_that_are_here():
    for sheet in STATIC.rglob("*.css"):
        text = sheet.read_text()
        assert "sourceMappingURL" not in text, sheet
        for target in re.findall(r"url\(\s*[\"']?([^\"')]+)", text):
            if not target.startswith(("data:", "#")):
                assert (sheet.parent / target).resolve().is_file(), f"{sheet.name}: {target}"


def test_htmx_is_the_second_version_from_the_installed_package():
    import django_htmx

    script = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    assert 'version:"2.0.10"' in script.read_text()
    assert version("django-htmx") == "1.29.0"
