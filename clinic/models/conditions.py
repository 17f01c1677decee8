"""A condition of triggers that pgtrigger cannot say by itself."""

import pgtrigger


class Frozen(pgtrigger.Condition):
    """A row that is `finished` changes in nothing but its patient (a merge of two files moves it whole)."""

    def __init__(self, finished: pgtrigger.Q, patient: str = "patient"):
        self.parts = (finished, pgtrigger.AnyChange(exclude=[patient]))

    def resolve(self, model) -> str:
        """Both parts in SQL."""
        return f"({' AND '.join(part.resolve(model) for part in self.parts)})"
