"""Pure planning: values in, values out. Standard library only; no clock, no database, no randomness."""
