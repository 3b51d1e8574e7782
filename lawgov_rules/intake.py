"""The three tables of a database as the canonical tables of each record type, by its own means.

Their columns are named as those of files are. What is written plainly (cells.py) becomes canonical where it lies. What
is not makes its record odd: a word that the vocabulary does not know, a value or date in another form, a second row of
one id, an event of no record. All rows of an odd record go to Python, which accepts them or says what is wrong
(importers/in_database.py); nothing is judged that neither has read, and nothing is left out.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping
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
from lawgov_rules.plain_rows import WORD, Rows
from lawgov_rules.records import DAY, Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.tables import (
    NUMBER,
    TABLES,
    Database,
    Program,
    Words,
    give_common,
    name_of,
    places_of,
    quoted,
    rows_of,
)

Expr = Any
MERGED = {table: f"lawgov__{table}" for table in TABLES}
WORDS = {table: f"lawgov__words_of_{table}" for table in TABLES}
PAIRS = {table: f"lawgov__pairs_of_{table}" for table in TABLES}
NUMBERS = "lawgov__numbers"
AGAIN, ODD, PLACES, WANTED = "lawgov__again", "lawgov__odd", "lawgov__places", "lawgov__wanted"


class Intake:
    """Three tables, being taken in.

    What is compiled for tables of such columns is kept with the rules, as their programs are.

    Args:
        tables: of the database, by the names of `TABLES`; only ``records`` must be there.
    """

    def __init__(self, database: Database, tables: Mapping[str, Expr], rules: Rulesets, words: Words) -> None:
        self.database, self.rules, self.words = database, rules, words
        given = {name: tables[name] for name in TABLES if name in tables}
        found = {name: named(table, name, words.vocabulary) for name, table in given.items()}
        self.tables = {name: rows for name, (rows, _) in found.items()}
        self.headings = {name: headings for name, (_, headings) in found.items()}
        self.types: list[str] = []
        self.as_of = 0
        self._kept: dict[str, Expr] = {}
        described = tuple((name, t.op().namespace, t.op().name, t.schema()) for name, t in given.items())
        self._state: tuple[Any, ...] = ("intake", database.kind, database.temporary, described)
        self._one_way_of_writing()

    def _one_way_of_writing(self) -> None:
        """Let the ids be written in one way: those that are document numbers may be in others.

        Which they are is decided by Python, for those that look like it.
        """
        written = {
            name: cells.text(table["record"])
            for name, table in self.tables.items()
            if "record" in table.columns and table["record"].type().is_string()
        }

        def looking() -> Expr:
            ids = [self.tables[name].select(id=id_) for name, id_ in written.items()]
            found = [of.filter(cells.may_be_other_id(of.id)) for of in ids]
            return functools.reduce(lambda a, b: a.union(b), found).distinct()

        asked = [id_ for (id_,) in self._ask("ids", looking)] if written else []
        found = {id_: "示例" if key(id_) in EXAMPLES else canonical(id_) for id_ in asked}
        changed = {id_: number for id_, number in found.items() if number != id_}
        self._state += (bool(changed),)
        if not changed:
            return
        columns = ("lawgov__written", "lawgov__number")
        self.database.give(NUMBERS, pa.table(dict(zip(columns, zip(*changed.items(), strict=True), strict=True))))
        numbers = ibis.table(dict.fromkeys(columns, "string"), name=NUMBERS)
        for name, id_ in written.items():
            joined = self.tables[name].mutate(lawgov__id=id_)
            joined = joined.left_join(numbers, joined.lawgov__id == numbers.lawgov__written)
            number = ibis.coalesce(joined.lawgov__number, joined.lawgov__id).nullif("")
            self.tables[name] = joined.mutate(record=number).drop("lawgov__id", *columns)

    @functools.cached_property
    def there(self) -> set[str]:
        """The record types that the table of records names."""
        table = self.tables["records"]
        if "type" not in table.columns:
            return set()
        found = self._ask("types", lambda: table.select(type_=cells.text(table["type"])).distinct())
        known = words_of(self.words.vocabulary.record_types, self.words.vocabulary.record_types)
        return {known[key(type_)] for (type_,) in found if type_ and key(type_) in known}

    def ask(self, programs: Collection[Program], as_of: int) -> None:
        """What will be asked, as of when: only the events that it reads are carried along."""
        self.types = sorted(set().union(*(p.types for p in programs)))
        self.as_of = as_of
        self._state += (tuple(self.types), as_of)
        self._give_pairs(programs)

    def _give_pairs(self, programs: Collection[Program]) -> None:
        """Which events and roles each record type may have, and whether they are asked for."""
        for table, part in (("events", "events"), ("participants", "roles")):
            if table in self.tables:
                rows = [(t, word) for t, e in self.words.vocabulary.record_types.items() for word in getattr(e, part)]
                texts = {t: "".join(p.text for p in programs if t in p.types) for t in self.types}
                every = table == "participants"
                asked = [t in texts and (every or quoted(word, "'") in texts[t]) for t, word in rows]
                types, words = ([row[n] for row in rows] for n in (0, 1))
                columns = {"its_type": pa.array(types, pa.string()), "word": pa.array(words, pa.string())}
                self.database.give(PAIRS[table], pa.table({**columns, "asked": pa.array(asked, pa.bool_())}))

    def _compiled(self, key: object, make: Callable[[], Expr], *, fused: bool = True) -> tuple[str, Any]:
        """The SQL and the columns of an expression, compiled once; ``key`` tells it from others of the same tables."""
        compiled = self.rules.kept
        if (*self._state, key) not in compiled:
            expression = make()
            compiled[*self._state, key] = self.database.compile(expression, fused=fused), expression.schema()
        found: tuple[str, Any] = compiled[*self._state, key]
        return found

    def _keep(self, name: str, make: Callable[[], Expr], *more: object) -> Expr:
        sql, schema = self._compiled((name, *more), make, fused=False)
        self.database.keep(name, sql)
        self._kept[name] = ibis.table(schema, name=name)
        return self._kept[name]

    def _ask(self, key: str, make: Callable[[], Expr]) -> list[tuple[Any, ...]]:
        return list(self.database.rows(self._compiled(key, make)[0]))

    def merge(self) -> tuple[int, int]:
        """Read the plain rows and find the odd records; how many rows ``records`` has, and how many are not odd."""
        records = self._records()
        # ids that stand at several rows
        again = self._keep(AGAIN, lambda: records.group_by("key").having(_.count() > 1).agg(types=_.type_.nunique()))
        ((repeated,),) = self._ask("again", lambda: again.aggregate(n=_.count()))
        parts = [
            self._part(table, records, again if repeated else None) for table in TABLES[1:] if table in self.tables
        ]

        def odd() -> Expr:
            twice = records.semi_join(again, "key").group_by("key", "type_").having(_.count() > 1).agg()
            found = [records.filter(_.odd).select("key"), twice.select("key")]
            found += [rows.filter(_.odd).select("key") for rows in parts]
            every = functools.reduce(lambda a, b: a.union(b), found).distinct()
            return every.mutate(n=ibis.row_number().over(ibis.window(order_by="key")))

        self._odd = self._keep(ODD, odd)
        ((self.odd,),) = self._ask("odd", lambda: self._odd.aggregate(n=_.count()))
        ((read,),) = self._ask("read", lambda: records.aggregate(n=_.count()))
        if not self.odd:
            return read, read
        ((plain,),) = self._ask("plain", lambda: records.anti_join(self._odd, "key").aggregate(n=_.count()))
        return read, plain

    def _words(self, table: str) -> tuple[Callable[[], Rows], Expr]:
        """A table to be read, and its combinations of words."""
        rows = functools.cache(lambda: Rows(table, self.tables[table], self.words))
        return rows, self._keep(WORDS[table], lambda: rows().words())

    def _records(self) -> Expr:
        rows, words = self._words("records")

        def make() -> Expr:
            found = rows().read(words)
            return found.select(
                key=ibis.coalesce(found.x_record, ""),
                type_=ibis.coalesce(found.x_type, ""),
                organ=found.x_organ,
                jurisdiction=found.x_jurisdiction,
                rid=self._number(found.x_record),
                odd=found.odd | found.x_record.isnull() | cells.is_among(found.x_record, EXAMPLES),
                **{c: c for c in rows().carried},
            )

        return self._keep(MERGED["records"], make)

    def _number(self, id_: Expr) -> Expr:
        """What tells records of a type apart: a number, if it is computed once and kept."""
        return ibis.row_number().cast("int64") if self.database.temporary else id_

    def _part(self, table: str, records: Expr, again: Expr | None) -> Expr:
        """The events or participants that are asked for with the numbers of their records, and all that are odd."""
        rows, words = self._words(table)
        make = functools.partial(self._joined, rows, words, records, again)
        return self._keep(MERGED[table], make, again is not None)

    def _joined(self, rows: Callable[[], Rows], words: Expr, records: Expr, again: Expr | None) -> Expr:
        mine, table = rows(), rows().name
        found = mine.read(words).rename(mine_odd="odd")
        found = found.mutate(x_record=ibis.coalesce(found.x_record, ""))
        theirs = records.select(rkey="key", type_="type_", rid="rid", several=ibis.literal(False))
        if again is not None:
            several = again.select(again_key="key", types="types")
            theirs = records.left_join(several, records.key == several.again_key)
            theirs = theirs.select(rkey="key", type_="type_", rid="rid", several=ibis.coalesce(_.types > 1, False))
        on = [found.x_record == theirs.rkey]
        if "type" in self.tables[table].columns:
            on.append(found.x_type.isnull() | (found.x_type == theirs.type_))
        found = found.left_join(theirs, on)
        types = {"its_type": "string", "word": "string", "asked": "boolean"}
        pairs = ibis.table(types, name=PAIRS[table])
        found = found.left_join(pairs, [found.type_ == pairs.its_type, found[f"x_{WORD[table]}"] == pairs.word])
        odd = found.mine_odd | found.rkey.isnull() | found.asked.isnull() | (found.several & found.x_type.isnull())
        fixed: dict[str, Any] = {"event": found.x_event, "low": "low", "high": "high"} if table == "events" else {}
        wanted = found.asked
        if table == "events":
            wanted = wanted & (found.low < (self.as_of + 1) * DAY)
        else:
            fixed = {"role": found.x_role, "person": found.x_person}
            odd = odd | ~ibis.coalesce(cells.is_one_name(found.x_person), False)
        found = found.select(
            key=found.x_record,
            rid="rid",
            type_="type_",
            **fixed,
            **{c: c for c in mine.carried},
            odd=odd,
            wanted=wanted,
        )
        found = found.filter(found.odd | found.wanted)
        return found.drop("wanted").mutate(key=ibis.ifelse(found.odd, found.key, ibis.null("string")))

    # canonical tables

    def canonical(self, accepted: Mapping[str, list[Record]]) -> None:
        """Make the tables that the programs read: the plain records, and the odd ones that Python accepted."""
        records = self._kept[MERGED["records"]]
        codes = {code for (code,) in self._ask("codes", lambda: records.select("jurisdiction").distinct())}
        codes |= {r.jurisdiction for found in accepted.values() for r in found}
        give_common(self.database, self.rules, codes)
        self.database.give(PLACES, self._places(codes))
        for type_ in self.types:
            more = self._given(type_, accepted.get(type_, []))
            for table in TABLES:
                make = functools.partial(self._of_type, type_, table)
                sql, _schema = self._compiled((type_, table, bool(self.odd)), make)
                self.database.keep(name_of(type_, table), sql + more[table], copied=table == "records")

    def _places(self, codes: Collection[str | None]) -> pa.Table:
        """The region of each place, and in which of the places of the rules it lies."""
        known = sorted(code for code in codes if code)
        inside = [places_of(code, self.words, self.rules) for code in known]
        columns = {"code": pa.array(known, pa.string())}
        columns["its_region"] = pa.array([self.rules.calendar.region_name(code) for code in known], pa.string())
        for n in range(len(self.words.places)):
            columns[f"in_{n}"] = pa.array([row[n] for row in inside], pa.bool_())
        return pa.table(columns)

    def _of_type(self, type_: str, table: str) -> Expr:
        columns = self.words.columns(type_, table)
        if table not in self.tables:
            return self._nothing(columns)
        rows = self._kept[MERGED[table]]
        rows = rows.filter(rows.type_ == type_)
        if self.odd and table == "records":
            rows = rows.anti_join(self._odd, "key")
        elif self.odd:
            records = self._kept[MERGED["records"]]
            gone = records.filter(records.type_ == type_).semi_join(self._odd, "key").select("rid")
            rows = rows.filter(~rows.odd).anti_join(gone, "rid")
        if table != "records":
            return rows.select(**{NUMBER[table]: "rid", **{c: c for c in columns if c != NUMBER[table]}})
        insides = [f"in_{n}" for n in range(len(self.words.places))]
        places = ibis.table(
            {"code": "string", "its_region": "string", **dict.fromkeys(insides, "boolean")}, name=PLACES
        )
        rows = rows.left_join(places, rows.jurisdiction == places.code)
        found = {"rid": "rid", "id": "key", "organ": "organ", "jurisdiction": "jurisdiction"}
        region = ibis.coalesce(rows.its_region, "")
        return rows.select(**found, region=region, **{c: c for c in columns if c not in found and c != "region"})

    def _nothing(self, columns: Mapping[str, str]) -> Expr:
        records = self._kept[MERGED["records"]]
        return records.filter(ibis.literal(False)).select(**{c: ibis.null(t) for c, t in columns.items()})

    def _given(self, type_: str, records: list[Record]) -> dict[str, str]:
        """SQL that adds the rows of records that Python has read."""
        if not records:
            return dict.fromkeys(TABLES, "")
        # behind all that row_number() gives
        number = 1 << 62 if self.database.temporary else None
        found = {}
        for table, rows in rows_of(records, type_, self.words, self.rules, self.as_of, number).items():
            name = f"lawgov__{type_}_{table}"
            self.database.give(name, rows)
            columns = ", ".join(map(quoted, self.words.columns(type_, table)))
            found[table] = f' UNION ALL SELECT {columns} FROM "{name}"'
        return found

    # rows as they are written

    def odd_rows(self) -> Iterator[Written]:
        """The rows of the odd records."""
        return self._written(self._odd)

    def rows_of(self, keys: Collection[str]) -> Iterator[Written]:
        """The rows of the records of some ids."""
        self.database.give(WANTED, pa.table({"key": sorted(keys), "n": pa.array(range(len(keys)), pa.int64())}))
        return self._written(ibis.table({"key": "string", "n": "int64"}, name=WANTED))

    def _written(self, keys: Expr) -> Iterator[Written]:
        """Rows as text, by record. A table has no order of its own: rows of a record always come by their content."""
        parts = []
        for number, table in enumerate(TABLES):
            if (rows := self.tables.get(table)) is not None:
                key = cells.text(rows["record"]) if "record" in rows.columns else ibis.null("string")
                row = ibis.array([ibis.coalesce(cells.text(rows[c]), "") for c in rows.columns])
                shown = rows.select(key_=ibis.coalesce(key, ""), part=ibis.literal(number, "int64"), row=row)
                parts.append(shown.inner_join(keys, shown.key_ == keys.key).select("n", "key_", "part", "row"))
        whole = functools.reduce(lambda a, b: a.union(b), parts).order_by("n", "part", "row")
        readers = {
            name: [(self.headings[name][c], _reader(rows[c])) for c in rows.columns]
            for name, rows in self.tables.items()
        }
        for _n, key_, part, row in self.database.rows(self.database.compile(whole)):
            table = TABLES[part]
            yield Written(key_, table, {c: read(text) for (c, read), text in zip(readers[table], row, strict=True)})


class Written(NamedTuple):
    """A row as text: the id of its record, its table, its cells."""

    key: str
    table: str
    cells: dict[str, str]


def _reader(column: Expr) -> Callable[[str], str]:
    """How the text that a database makes of a cell becomes that of Python."""
    return (lambda text: text_of(float(text)) if text else "") if column.type().is_floating() else str
