"""The three tables of a database as the canonical tables of each record type, by its own means.

Their columns are named as those of files are. What is written plainly (cells.py) becomes canonical where it lies. What
is not makes its record odd: a word that the vocabulary does not know, a value or date in another form, a second row of
one id, an event of no record. All rows of an odd record go to Python, which accepts them or says what is wrong
(importers/in_database.py); nothing is judged that neither has read, and nothing is left out.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import ibis
import pyarrow as pa
from ibis import _

from lawgov_rules import cells
from lawgov_rules.document_number import canonical
from lawgov_rules.importers._cells import text_of
from lawgov_rules.importers._headings import key, words_of
from lawgov_rules.importers._joined import EXAMPLES
from lawgov_rules.importers._naming import named
from lawgov_rules.records import DAY, Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.tables import IBIS, NUMBER, TABLES, Database, Program, Words, give_common, name_of, places_of, rows_of
from lawgov_rules.vocabulary import Attribute

Expr = Any
OWN = {
    "records": ("record", "type", "jurisdiction", "organ"),
    "events": ("record", "type", "event", "date", "sequence"),
    "participants": ("record", "type", "role", "person"),
}
MERGED = {table: f"lawgov__{table}" for table in TABLES}
TEXT = "lawgov_"  # in front of a column: its text
ODD, NUMBERS = "lawgov__odd", "lawgov__numbers"


class Intake:
    """Three tables, being taken in.

    Args:
        tables: of the database, by the names of `TABLES`; only ``records`` must be there.
    """

    def __init__(self, database: Database, tables: Mapping[str, Expr], rules: Rulesets, words: Words) -> None:
        self.database, self.rules, self.words = database, rules, words
        self.tables = {name: named(tables[name], name, words.vocabulary) for name in TABLES if name in tables}
        self._keyed: dict[str, Expr] = {}
        self._asked: set[str] = set()
        self.types: list[str] = []
        self._kept: dict[str, Expr] = {}

    @functools.cached_property
    def there(self) -> set[str]:
        """The record types that the table of records names."""
        table = self.tables["records"]
        if "type" not in table.columns:
            return set()
        found = self._ask(table.select(type_=cells.text(table["type"])).distinct())
        known = words_of(self.words.vocabulary.record_types, self.words.vocabulary.record_types)
        return {known[key(type_)] for (type_,) in found if type_ and key(type_) in known}

    def rows(self, table: str) -> Expr:
        """The rows of a table with the text of every cell, ``lawgov_<column>``, and with ``lawgov__key``, the id of
        their record in its one way of writing."""
        if not self._keyed:
            found = {name: _with_text(rows, OWN[name]) for name, rows in self.tables.items()}
            numbers = self._numbers(found.values())
            for name, rows in found.items():
                id_ = rows[f"{TEXT}record"]
                if numbers is not None:
                    rows = rows.left_join(numbers, rows[f"{TEXT}record"] == numbers["lawgov__written"])
                    id_ = ibis.coalesce(rows["lawgov__number"], rows[f"{TEXT}record"])
                drop = [] if numbers is None else ["lawgov__written", "lawgov__number"]
                self._keyed[name] = rows.mutate(lawgov__key=ibis.coalesce(id_, "")).drop(*drop)
        return self._keyed[table]

    def _numbers(self, tables: Iterable[Expr]) -> Expr | None:
        """The ids that are document numbers in another than their one way of writing, and that way; None: none is.

        Which they are is decided by Python, for those that look like it.
        """
        looking = [
            rows.filter(cells.may_be_other_id(rows[f"{TEXT}record"])).select(id=rows[f"{TEXT}record"])
            for rows in tables
        ]
        asked = functools.reduce(lambda a, b: a.union(b), looking).distinct()
        found = {id_: "示例" if key(id_) in EXAMPLES else canonical(id_) for (id_,) in self._ask(asked)}
        changed = {id_: number for id_, number in found.items() if number != id_}
        if not changed:
            return None
        self.database.give(
            NUMBERS, pa.table({"lawgov__written": list(changed), "lawgov__number": list(changed.values())})
        )
        return ibis.table({"lawgov__written": "string", "lawgov__number": "string"}, name=NUMBERS)

    def ask(self, programs: Collection[Program]) -> None:
        """What will be asked: only the columns that it reads are carried along."""
        sql = "".join(sql for p in programs for sql in (*(body for _name, body in p.steps), *p.queries))
        self._asked = {
            f"{t[0]}_{a}" for t in TABLES for a in self.words.vocabulary.attributes if _quoted(f"{t[0]}_{a}") in sql
        }
        self.types = sorted(set().union(*(p.types for p in programs)))

    def _keep(self, name: str, expression: Expr) -> Expr:
        self.database.keep(name, self.database.compile(expression, fused=False))
        self._kept[name] = ibis.table(expression.schema(), name=name)
        return self._kept[name]

    def _ask(self, expression: Expr) -> list[tuple[Any, ...]]:
        return list(self.database.rows(self.database.compile(expression)))

    def merge(self) -> tuple[int, int]:
        """Read the plain rows and find the odd records; how many rows ``records`` has, and how many are not odd."""
        records = self._records()
        twice = records.group_by("key", "type_").having(_.count() > 1).agg()
        found = [records.filter(_.odd).select("key"), twice.select("key")]
        several = records.group_by("key").having(_.type_.nunique() > 1).agg()
        for table in TABLES[1:]:
            if table in self.tables:
                rows = self._parts(table, records)
                found.append(rows.filter(_.odd).select("key"))
                found.append(rows.filter(_.typeless).select("key").semi_join(several, "key"))
        odd = functools.reduce(lambda a, b: a.union(b), found).distinct()
        self._odd = self._keep(ODD, odd.mutate(n=ibis.row_number().over(ibis.window(order_by="key"))))
        ((self.odd,),) = self._ask(self._odd.aggregate(n=_.count()))
        ((read,),) = self._ask(records.aggregate(n=_.count()))
        if not self.odd:
            return read, read
        ((plain,),) = self._ask(records.anti_join(self._odd, "key").aggregate(n=_.count()))
        return read, plain

    def _records(self) -> Expr:
        table, words = self.rows("records"), self.words.vocabulary
        written = {name: table[f"{TEXT}{name}"] for name in OWN["records"]}
        type_, code = written["type"], written["jurisdiction"]
        odd = [~cells.is_plain(table[name], written[name]) for name in OWN["records"][1:]]
        odd += [table.lawgov__key == "", cells.is_among(table.lawgov__key, EXAMPLES)]
        odd.append(~ibis.coalesce(cells.among(type_, words.record_types), False))
        shape = code.re_search("^[1-9][0-9]{5}$") & ~((code.substr(2, 2) == "00") & (code.substr(4, 2) != "00"))
        odd.append(code.notnull() & ~shape)
        users = {a: [n for n, t in words.record_types.items() if a in t.attributes] for a in words.attributes}
        values = self._values("records", table, type_, users, odd)
        read = table.select(
            key=table.lawgov__key,
            type_=ibis.coalesce(type_, ""),
            organ=written["organ"],
            jurisdiction=code,
            rid=self._number(table.lawgov__key),
            **_flags(odd),
            **values,
        )
        return self._keep(MERGED["records"], _flagged(read, "odd"))

    def _number(self, id_: Expr) -> Expr:
        """What tells records of a type apart: a number, if it is computed once and kept."""
        return ibis.row_number().cast("int64") if self.database.temporary else id_

    def _values(self, table: str, rows: Expr, word: Expr, users: Mapping[str, list[str]], odd: list[Expr]) -> Any:
        """The canonical values of the attributes that are asked for; what makes a row odd is added to ``odd``.

        Args:
            word: the record type, event or role of the row. users: the words that know an attribute, by attribute.
        """
        found = {}
        attributes = self.words.vocabulary.attributes
        for name in self.tables[table].columns:
            if name in OWN[table]:
                continue
            known = ibis.coalesce(cells.among(word, users[name]), False) if users.get(name) else ibis.literal(False)
            odd.append(rows[f"{TEXT}{name}"].notnull() & ~known)
            if users.get(name):
                read = cells.cell(rows[name], rows[f"{TEXT}{name}"], attributes[name])
                odd.append(~ibis.coalesce(read.plain, False))
                if table == "events":
                    odd += self._narrowed(name, word, read.value)
                found[f"{table[0]}_{name}"] = read.value
        return {
            column: self._default(attributes[column[2:]], found.get(column), word, users[column[2:]])
            for column in sorted({f"{table[0]}_{name}" for name, of in users.items() if of} & self._asked)
        }

    def _narrowed(self, name: str, event: Expr, value: Expr) -> Iterator[Expr]:
        """Values that an event does not admit."""
        words = self.words.vocabulary
        for word, entry in words.events.items():
            admitted = entry.values.get(name)
            if admitted is not None:
                several = words.attributes[name].type == "choices"
                mask = words.attributes[name].mask(admitted)
                # the bits that are left over: XOR would do, but not every database has it on whole numbers
                outside = (value | mask) != mask if several else ~cells.among(value, admitted)
                yield ibis.coalesce((event == word) & outside, False)

    def _default(self, attribute: Attribute, value: Expr, word: Expr, users: list[str]) -> Expr:
        value = ibis.null(IBIS[attribute.type]) if value is None else value
        if attribute.absent is None:
            return value
        return ibis.ifelse(cells.among(word, users), ibis.coalesce(value, attribute.absent), value)

    def _parts(self, table: str, records: Expr) -> Expr:
        """The rows of events or participants with their records."""
        rows, words = self.rows(table), self.words.vocabulary
        entries: Mapping[str, Any] = words.events if table == "events" else words.roles
        written = {n: rows[f"{TEXT}{n}"] for n in OWN[table]}
        odd = [~cells.is_plain(rows[n], written[n]) for n in OWN[table][1:] if n not in ("date", "sequence")]
        word = written["event" if table == "events" else "role"]
        users = {a: [n for n, e in entries.items() if a in e.attributes] for a in words.attributes}
        values = self._values(table, rows, word, users, odd)
        if table == "events":
            fixed, plain = _moment(rows)
            odd.append(~plain)
            fixed = {"event": word, **fixed}
        else:
            fixed = {"role": word, "person": written["person"]}
            odd.append(~ibis.coalesce(cells.is_one_name(written["person"]), False))
        mine = rows.select(
            key=rows.lawgov__key,
            its=written["type"],
            **_flags(odd),
            **fixed,
            **values,
        )
        mine = _flagged(mine, "bad")
        theirs = records.select(rkey="key", type_="type_", rid="rid")
        joined = mine.left_join(theirs, [mine.key == theirs.rkey, mine.its.isnull() | (mine.its == theirs.type_)])
        part = "events" if table == "events" else "roles"
        name = "event" if table == "events" else "role"
        allowed = {t: getattr(entry, part) for t, entry in words.record_types.items()}
        fits = [(joined.type_ == t) & cells.among(joined[name], known) for t, known in allowed.items() if known]
        return self._keep(
            MERGED[table],
            joined.mutate(
                odd=_.bad | joined.rkey.isnull() | ~ibis.coalesce(_any(fits), False),
                typeless=_.its.isnull(),
            ).drop("bad", "its", "rkey"),
        )

    # canonical tables

    def canonical(self, accepted: Mapping[str, list[Record]], as_of: int) -> None:
        """Make the tables that the programs read: the plain records, and the odd ones that Python accepted."""
        records = self._kept[MERGED["records"]]
        codes = {code for (code,) in self._ask(records.select("jurisdiction").distinct())}
        codes |= {r.jurisdiction for found in accepted.values() for r in found}
        give_common(self.database, self.rules, codes)
        for type_ in self.types:
            more = self._given(type_, accepted.get(type_, []), as_of)
            for table in TABLES:
                name = name_of(type_, table)
                self.database.keep(name, self.database.compile(self._of_type(type_, table, codes, as_of)) + more[table])
        if self.database.temporary:
            self.database.forget(*(MERGED[t] for t in TABLES if MERGED[t] in self._kept))  # the largest

    def _of_type(self, type_: str, table: str, codes: Collection[str | None], as_of: int) -> Expr:
        columns = self._columns(type_, table)
        if table not in self.tables:
            return self._nothing(columns)
        rows = self._kept[MERGED[table]]
        rows = rows.filter(rows.type_ == type_)
        if self.odd:
            rows = rows.anti_join(self._odd, "key")
        if table == "records":
            return rows.select(**self._record_columns(rows, codes), **{c: rows[c] for c in columns if c[1] == "_"})
        if table == "events":
            rows = rows.filter(_.low < (as_of + 1) * DAY)
        return rows.select(**{NUMBER[table]: "rid", **{c: c for c in columns if c != NUMBER[table]}})

    def _nothing(self, columns: Mapping[str, str]) -> Expr:
        records = self._kept[MERGED["records"]]
        return records.filter(ibis.literal(False)).select(**{c: ibis.null(t) for c, t in columns.items()})

    def _columns(self, type_: str, table: str) -> dict[str, str]:
        """The columns that are carried, in their order."""
        found = self.words.columns(type_, table)
        return {c: t for c, t in found.items() if c[:2] != f"{table[0]}_" or c in self._asked}

    def _record_columns(self, rows: Expr, codes: Collection[str | None]) -> dict[str, Expr]:
        known = sorted(code for code in codes if code)
        regions = {code: self.rules.calendar.region_name(code) for code in known}
        inside = {code: places_of(code, self.words, self.rules) for code in known}
        code = rows.jurisdiction
        own = [c for c in known if regions[c]]
        region = ibis.cases(*((code == c, regions[c]) for c in own), else_="") if own else ibis.literal("")
        found = {"rid": rows.rid, "id": rows.key, "organ": rows.organ, "jurisdiction": code, "region": region}
        for n in range(len(self.words.places)):
            there = [c for c in known if inside[c][n]]
            is_in = code.isin(there) if there else ibis.literal(False)
            found[f"in_{n}"] = ibis.ifelse(code.isnull(), ibis.null("boolean"), is_in)
        return found

    def _given(self, type_: str, records: list[Record], as_of: int) -> dict[str, str]:
        """SQL that adds the rows of records that Python has read."""
        if not records:
            return dict.fromkeys(TABLES, "")
        # behind all that row_number() gives
        number = 1 << 62 if self.database.temporary else None
        found = {}
        for table, rows in rows_of(records, type_, self.words, self.rules, as_of, number).items():
            name = f"lawgov__{type_}_{table}"
            self.database.give(name, rows)
            columns = ", ".join(map(_quoted, self._columns(type_, table)))
            found[table] = f' UNION ALL SELECT {columns} FROM "{name}"'
        return found

    # rows as they are written

    def odd_rows(self) -> Iterator[Written]:
        """The rows of the odd records."""
        return self._written(self._odd)

    def rows_of(self, keys: Collection[str]) -> Iterator[Written]:
        """The rows of the records of some ids."""
        return self._written(ibis.memtable(pa.table({"key": sorted(keys), "n": range(len(keys))})))

    def _written(self, keys: Expr) -> Iterator[Written]:
        """Rows as text, by record. A table has no order of its own: rows of a record always come by their content."""
        parts = []
        for number, table in enumerate(TABLES):
            if table in self.tables:
                rows = self.rows(table)
                row = ibis.array([ibis.coalesce(rows[f"{TEXT}{c}"], "") for c in self.tables[table].columns])
                shown = rows.select(key_=rows.lawgov__key, part=ibis.literal(number, "int64"), row=row)
                parts.append(shown.inner_join(keys, shown.key_ == keys.key).select("n", "key_", "part", "row"))
        whole = functools.reduce(lambda a, b: a.union(b), parts).order_by("n", "part", "row")
        readers = {name: [(c, _reader(rows[c])) for c in rows.columns] for name, rows in self.tables.items()}
        for _n, key_, part, row in self.database.rows(self.database.compile(whole)):
            table = TABLES[part]
            yield Written(key_, table, {c: read(text) for (c, read), text in zip(readers[table], row, strict=True)})


class Written(NamedTuple):
    """A row as text: the id of its record, its table, its cells."""

    key: str
    table: str
    cells: dict[str, str]


def _quoted(name: str) -> str:
    """A name as it stands in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _reader(column: Expr) -> Callable[[str], str]:
    """How the text that a database makes of a cell becomes that of Python."""
    return (lambda text: text_of(float(text)) if text else "") if column.type().is_floating() else str


def _with_text(rows: Expr, own: tuple[str, ...]) -> Expr:
    """The rows with the text of every cell, ``lawgov_<column>``, computed once; columns of our own that are not there
    are blank."""
    lacking = {name: ibis.null("string") for name in own if name not in rows.columns}
    rows = rows.mutate(**lacking) if lacking else rows
    return rows.mutate(**{f"{TEXT}{name}": cells.text(rows[name]) for name in rows.columns})


def _flags(conditions: list[Expr]) -> dict[str, Expr]:
    """Conditions as columns: hundreds of them in one expression would be more than a database reads."""
    return {f"f_{n}": condition for n, condition in enumerate(conditions)}


def _flagged(rows: Expr, name: str) -> Expr:
    """The rows with one column instead of the flags: whether any of them is true."""
    flags = [c for c in rows.columns if c[:2] == "f_"]
    return rows.mutate(**{name: _any([rows[c] for c in flags])}).drop(*flags)


def _any(conditions: list[Expr]) -> Expr:
    """Whether one holds; a tree of OR is as deep as its logarithm, a chain as deep as it is long."""
    if len(conditions) < 2:
        return conditions[0] if conditions else ibis.literal(False)
    half = len(conditions) // 2
    return _any(conditions[:half]) | _any(conditions[half:])


def _moment(rows: Expr) -> tuple[dict[str, Expr], Expr]:
    """The seconds of an event, narrowed by its sequence, and whether both are plain."""
    low, high, plain = cells.moment(rows["date"], rows[f"{TEXT}date"])
    place = cells.sequence(rows[f"{TEXT}sequence"])
    at = low // DAY * DAY + place.value
    return {"low": ibis.coalesce(at, low), "high": ibis.coalesce(at, high)}, plain & ibis.coalesce(place.plain, False)
