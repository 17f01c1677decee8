"""The pure screening engine: the rules as data, their verdicts, the gates and the sentences about them."""
