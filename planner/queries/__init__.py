"""Reads for pages: rows → values that templates show."""
