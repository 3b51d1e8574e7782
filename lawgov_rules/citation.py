"""Where a rule is written: the document, the clause, and a few words that find the place in it."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_LOCATOR = 20


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause of a document and a locator of at most 20 characters that stands in it verbatim."""

    document: str
    title: str
    clause: str
    locator: str

    def label(self, lang: str) -> str:
        """One line for a report."""
        if lang == "zh":
            # a title within a title takes single marks
            return f"《{self.title.replace('《', '〈').replace('》', '〉')}》{self.clause}（“{self.locator}”）"
        return f"{self.document} {self.clause} (“{self.locator}”)"

    def to_json(self) -> dict[str, str]:
        return {
            "document": self.document,
            "title": self.title,
            "clause": self.clause,
            "locator": self.locator,
        }
