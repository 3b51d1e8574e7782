"""The plain rows of three tables as canonical ones: expressions over a database's tables, see intake.py.

Words repeat: a table of millions of rows has a few dozen combinations of event, kind and result. So each combination
is read once (`Rows.words`) and the rows are joined to it; only names, dates and figures are read row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ibis

from lawgov_rules import cells
from lawgov_rules.records import DAY
from lawgov_rules.tables import IBIS, Words

Expr = Any
OWN = {
    "records": ("record", "type", "jurisdiction", "organ"),
    "events": ("record", "type", "event", "date", "sequence"),
    "participants": ("record", "type", "role", "person"),
}
# the column whose word says which attributes a row may have
WORD = {"records": "type", "events": "event", "participants": "role"}
REPEATED = ("type", "jurisdiction", "event", "role")
REPEATED_TYPES = ("choice", "choices", "boolean")


class Rows:
    """One of the three tables, read.

    Args:
        name: which. rows: the table of the database. words: which attributes are carried.
    """

    def __init__(self, name: str, rows: Expr, words: Words) -> None:
        self.name, self.letter, self.vocabulary = name, name[0], words.vocabulary
        self.given = frozenset(rows.columns)
        lacking = {f"c_{c}": ibis.null("string") for c in OWN[name] if c not in rows.columns}
        self.raw = rows.select(**{f"c_{c}": rows[c] for c in rows.columns}, **lacking)
        every: dict[str, Any] = {
            "records": self.vocabulary.record_types,
            "events": self.vocabulary.events,
            "participants": self.vocabulary.roles,
        }
        entries: Mapping[str, Any] = every[name]
        attributes = self.vocabulary.attributes
        self.users = {a: [n for n, entry in entries.items() if a in entry.attributes] for a in attributes}
        self.ordered = "sequence" in rows.columns
        self.columns = [c for c in rows.columns if c not in OWN[name]]
        self.words_own = [c for c in OWN[name] if c in REPEATED]
        self.repeated = self.words_own + [c for c in self.columns if self._repeats(c)]
        self.single = [c for c in self.columns if c not in self.repeated]
        self.written_dates = "date" in rows.columns and bool(rows["date"].type().is_string())
        self.whole_days = "date" in rows.columns and bool(rows["date"].type().is_date()) and not self.ordered
        mentioned = [a for a, users in self.users.items() if users and a in words.mentioned]
        mentioned = [a for a in mentioned if a in rows.columns or attributes[a].absent is not None]
        self.carried = sorted(f"{self.letter}_{a}" for a in mentioned)

    def _repeats(self, column: str) -> bool:
        known = self.users.get(column) and self.vocabulary.attributes[column].type in REPEATED_TYPES
        return bool(known) and self.raw[f"c_{column}"].type().is_string()

    def _combinations(self, rough: Mapping[str, Expr] | None) -> Expr:
        """The cells of words that stand together, and what their rows come to."""
        words = [f"c_{c}" for c in self.repeated]
        more: dict[str, Expr] = {name: name for name in rough or {}}
        if rough is None:
            found = self.raw.select(words).distinct()
        elif self.written_dates:
            found = self.raw.group_by([*words, "c_date"]).agg(**rough)
            more["q_date"] = ~ibis.coalesce(cells.moment(found.c_date, cells.text(found.c_date)).plain, False)
        else:
            found = self.raw.group_by(words).agg(**rough)
        found = found.select(**{f"w_{c}": written(found[f"c_{c}"]) for c in self.repeated}, **more)
        return found.group_by([f"w_{c}" for c in self.repeated]).agg(**{name: found[name].any() for name in more})

    def words(self, rough: Mapping[str, Expr] | None = None) -> Expr:
        """Every combination of words: ``w_<column>`` as it is written, ``x_<column>`` its text, ``k_<attribute>``
        whether such a row may have one of the other attributes, ``<letter>_<attribute>`` the canonical values of those
        that are carried, and ``odd``.

        Args:
            rough: what is asked of the other cells of its rows together (short_way.py): ``h_<column>`` whether one is
                there, and anything else that makes them rough. Then also ``short``: whether all its rows are written
                so plainly that they can be taken as they stand; and of records ``unsure``: whether any id is not
                surely so.
        """
        found = self._combinations(rough)
        found = found.mutate(**{f"x_{c}": cells.text(found[f"w_{c}"]) for c in self.repeated})
        word = found[f"x_{WORD[self.name]}"]
        odd = list(self._odd_words(found))
        values = {}
        for column in self.repeated[len(self.words_own) :]:
            text = found[f"x_{column}"]
            odd.append(text.notnull() & ~self._may(column, word))
            values[f"{self.letter}_{column}"] = self.value(found[f"w_{column}"], text, column, word, odd)
        for column in self.carried:
            if column[2:] not in self.single:
                values[column] = self._default(column, values.get(column), word)
        may = {f"k_{c}": self._may(c, word) for c in self.single}
        kept = [f"{kind}_{c}" for c in self.repeated for kind in "wx" if kind == "w" or c in self.words_own]
        carried = {column: values[column] for column in self.carried if column in values}
        if rough is None:
            return _flagged(found.select(*kept, **carried, **may, **_flags(odd)), "odd")
        long = [~found[f"x_{c}"].identical_to(found[f"w_{c}"].nullif("")) for c in self.repeated]
        for name in (c for c in found.columns if c[:2] in ("h_", "q_")):
            met = ibis.coalesce(found[name], False)
            long.append(met & ~may[f"k_{name[2:]}"] if name[:2] == "h_" else met)
        flags = {**_flags(odd), **_flags(long, "g_")}
        if "unsure" in rough:
            flags["unsure"] = ibis.coalesce(found.unsure, False)
        found = _flagged(_flagged(found.select(*kept, **carried, **may, **flags), "odd"), "long", "g_")
        return found.mutate(short=~(found.odd | found.long)).drop("long")

    def _odd_words(self, found: Expr) -> Iterator[Expr]:
        """What makes a record odd by its type or place."""
        if self.name == "records":
            type_, code = found.x_type, found.x_jurisdiction
            yield ~ibis.coalesce(cells.among(type_, self.vocabulary.record_types), False)
            shape = code.re_search("^[1-9][0-9]{5}$") & ~((code.substr(2, 2) == "00") & (code.substr(4, 2) != "00"))
            yield code.notnull() & ~shape

    def _may(self, column: str, word: Expr) -> Expr:
        """Whether a row of that word may have the attribute."""
        users = self.users.get(column)
        return ibis.coalesce(cells.among(word, users), False) if users else ibis.literal(False)

    def value(self, raw: Expr, written: Expr, column: str, word: Expr, odd: list[Expr]) -> Expr:
        """The canonical value of a cell; what makes its row odd is added to ``odd``."""
        read = cells.cell(raw, written, self.vocabulary.attributes[column])
        odd.append(~ibis.coalesce(read.plain, False))
        if self.name == "events":
            odd += self._narrowed(column, word, read.value)
        return read.value

    def _narrowed(self, name: str, event: Expr, value: Expr) -> Iterator[Expr]:
        """Values that an event does not admit."""
        words = self.vocabulary
        for word, entry in words.events.items():
            admitted = entry.values.get(name)
            if admitted is not None:
                several = words.attributes[name].type == "choices"
                mask = words.attributes[name].mask(admitted)
                # the bits that are left over: XOR would do, but not every database has it on whole numbers
                outside = (value | mask) != mask if several else ~cells.among(value, admitted)
                yield ibis.coalesce((event == word) & outside, False)

    def _default(self, column: str, value: Expr, word: Expr) -> Expr:
        attribute = self.vocabulary.attributes[column[2:]]
        value = self.nothing(column[2:]) if value is None else value
        if attribute.absent is None:
            return value
        return ibis.ifelse(self._may(column[2:], word), ibis.coalesce(value, attribute.absent), value)

    def nothing(self, column: str) -> Expr:
        """The value of an attribute where there is none."""
        return ibis.null(IBIS[self.vocabulary.attributes[column].type])

    def read(self, words: Expr) -> Expr:
        """The rows with their words: ``x_<column>`` the text of each own column (not of dates), ``low`` and ``high`` of
        events, ``<letter>_<attribute>`` the values that are carried, and ``odd``."""
        raw, letter = self.raw, self.letter
        theirs = words.rename(w_odd="odd").rename(**{f"w{c}": c for c in self.carried if c in words.columns})
        pairs = [written(raw[f"c_{c}"]) == theirs[f"w_{c}"] for c in self.repeated]
        joined = raw.left_join(theirs, pairs)
        word = joined[f"x_{WORD[self.name]}"]
        odd = [joined.w_odd]
        odd += [~cells.is_plain(joined[f"c_{c}"], cells.text(joined[f"c_{c}"])) for c in self._to_be_plain()]
        found = {f"x_{c}": joined[f"x_{c}"] for c in self.words_own}
        for c in OWN[self.name]:
            if c not in REPEATED and c not in ("date", "sequence"):
                found[f"x_{c}"] = cells.text(joined[f"c_{c}"])
        if self.name == "events":
            found |= self.span(joined, odd)
        for column in self.single:
            cell = joined[f"c_{column}"]
            odd.append(_there(cell) & ~joined[f"k_{column}"])
            if self.users.get(column):
                value = self.value(cell, cells.text(cell), column, word, odd)
                if f"{letter}_{column}" in self.carried:
                    found[f"{letter}_{column}"] = self._default(f"{letter}_{column}", value, word)
        found |= {c: joined[f"w{c}"] for c in self.carried if c not in found}
        return _flagged(joined.select(**found, **_flags(odd)), "odd")

    def span(self, rows: Expr, odd: list[Expr]) -> dict[str, Expr]:
        """The first and last second of events, or their ``day`` if each is a whole one; what makes them odd is added to
        ``odd``."""
        low, high, plain = cells.moment(rows.c_date, cells.text(rows.c_date))
        odd.append(~plain)
        if self.whole_days:
            return {"day": (low // DAY).cast("int32")}
        if self.ordered:
            place = self.place(rows)
            low, high = in_order(low, high, place.value)
            odd.append(~ibis.coalesce(place.plain, False))
        return {"low": low, "high": high}

    def place(self, rows: Expr) -> cells.Cell:
        """The place of events among those of their day."""
        return cells.sequence(cells.text(rows.c_sequence))

    def _to_be_plain(self) -> list[str]:
        """Our own columns whose text must be as Python has it; what is one of some words is, and ids are."""
        own = [c for c in OWN[self.name] if c not in ("date", "sequence")]
        return [c for c in own if c in ("organ", "person") or not self.raw[f"c_{c}"].type().is_string()]


def in_order(low: Expr, high: Expr, place: Expr) -> tuple[Expr, Expr]:
    """Events of a day one after the other, where their place is known."""
    at = low // DAY * DAY + place
    return ibis.coalesce(at, low), ibis.coalesce(at, high)


def written(cell: Expr) -> Expr:
    """A cell of words as it is written; blank: empty."""
    return ibis.coalesce(cell if cell.type().is_string() else cells.text(cell), "")


def _there(cell: Expr) -> Expr:
    """Whether a cell is not blank."""
    kind = cell.type()
    plain = kind.is_boolean() or kind.is_integer() or kind.is_temporal()
    return cell.notnull() if plain else cells.text(cell).notnull()


def _flags(conditions: list[Expr], prefix: str = "f_") -> dict[str, Expr]:
    """Conditions as columns: hundreds of them in one expression would be more than a database reads."""
    return {f"{prefix}{n}": condition for n, condition in enumerate(conditions)}


def _flagged(rows: Expr, name: str, prefix: str = "f_") -> Expr:
    """The rows with one column instead of the flags: whether any of them is true."""
    flags = [c for c in rows.columns if c[:2] == prefix]
    kept = [c for c in rows.columns if c[:2] != prefix]
    return rows.select(*kept, **{name: any_of([rows[c] for c in flags])})


def any_of(conditions: list[Expr]) -> Expr:
    """Whether one holds; a tree of OR is as deep as its logarithm, a chain as deep as it is long."""
    if len(conditions) < 2:
        return conditions[0] if conditions else ibis.literal(False)
    half = len(conditions) // 2
    return any_of(conditions[:half]) | any_of(conditions[half:])
