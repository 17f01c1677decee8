"""What a scanner sends, read as lot and serial."""

import pytest

from planner.engine.scan import Scan, read_scan, split_scan


@pytest.mark.parametrize(
    ("text", "scan"),
    [
        ("NC-240817", Scan("NC-240817")),
        ("  nc-240817\n", Scan("NC-240817")),
        ("(01)04012345678901(17)270930(10)NC-1(21)S-9", Scan("NC-1", "S-9")),
        ("]d201040123456789011727093010NC-1\x1d21S-9", Scan("NC-1", "S-9")),
        ("010401234567890110NC-1\x1d17270930", Scan("NC-1")),
        ("010401234567890121S-9\x1d10NC-1", Scan("NC-1", "S-9")),
        ("010401234567890117270930", Scan("010401234567890117270930")),
        ("010401234567890199ABCDEF", Scan("010401234567890199ABCDEF")),
        ("", Scan("")),
    ],
)
def test_read_scan(text, scan):
    assert read_scan(text) == scan


@pytest.mark.parametrize(
    ("lot", "scan"), [("NC-1 S-9", Scan("NC-1", "S-9")), ("NC-1", Scan("NC-1")), ("A B C", Scan("A B", "C"))]
)
def test_split_scan(lot, scan):
    assert split_scan(Scan(lot)) == scan
