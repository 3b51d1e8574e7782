"""The three tables of a database as the canonical tables of each record type, by its own means.

Their columns are named as those of files are. What is written plainly (cells.py) becomes canonical where it lies. What
is not makes its record odd: a word that the vocabulary does not know, a value or date in another form, a second row of
one id, an event of no record. All rows of an odd record go to Python, which accepts them or says what is wrong
(importers/in_database.py); nothing is judged that neither has read, and nothing is left out.

A database that keeps columns takes rows whose words are written plainly throughout as they stand (short_way.py), and
reads only the others cell by cell (plain_rows.py); any other reads all of them so.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import ibis
import pyarrow as pa
from ibis import _

from lawgov_rules import long_way, short_way
from lawgov_rules.database import Database, quoted
from lawgov_rules.ids import Ids
from lawgov_rules.importers._headings import key, words_of
from lawgov_rules.importers._naming import headings_of
from lawgov_rules.plain_rows import WORD, Rows, written
from lawgov_rules.records import DAY, Record
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.tables import NUMBER, TABLES, Program, Words, give_common, name_of, places_of, rows_of
from lawgov_rules.written_rows import Written
from lawgov_rules.written_rows import written as as_written

Expr = Any
MERGED = {table: f"lawgov__{table}" for table in TABLES}
WORDS = {table: f"lawgov__words_of_{table}" for table in TABLES}
PAIRS = {table: f"lawgov__pairs_of_{table}" for table in TABLES}
BITS = {table: f"lawgov__bits_of_{table}" for table in TABLES}
TYPES = "lawgov__types"
AGAIN, ODD, PLACES, WANTED = "lawgov__again", "lawgov__odd", "lawgov__places", "lawgov__wanted"
STRANGERS, DATES = "lawgov__strangers", "lawgov__dates"


class Intake:
    """Three tables, being taken in.

    What is compiled for tables of such columns is kept with the rules, as their programs are.

    Args:
        tables: of the database, by the names of `TABLES`; only ``records`` must be there. numbers: those of
            the `ids` of another intake of the same tables.
    """

    def __init__(
        self,
        database: Database,
        tables: Mapping[str, Expr],
        rules: Rulesets,
        words: Words,
        numbers: Mapping[str, str] | None = None,
    ) -> None:
        self.database, self.rules, self.words = database, rules, words
        given = {name: tables[name] for name in TABLES if name in tables}
        self.headings = {name: self._headings(name, tuple(table.columns)) for name, table in given.items()}
        self._tables = {
            name: table.select(**{ours: table[theirs] for ours, theirs in self.headings[name].items()})
            for name, table in given.items()
        }
        self.types: list[str] = []
        self.as_of = 0
        self._number = {type_: n for n, type_ in enumerate(sorted(words.vocabulary.record_types))}
        self._kept: dict[str, Expr] = {}
        described = tuple((name, t.op().namespace, t.op().name, t.schema()) for name, t in given.items())
        self._state: tuple[Any, ...] = ("intake", database.kind, database.temporary, described)
        self.ids = Ids(database, self._ask, numbers)

    def _headings(self, table: str, columns: tuple[str, ...]) -> dict[str, str]:
        asked = ("headings", table, columns)
        if asked not in self.rules.kept:
            self.rules.kept[asked] = headings_of(columns, table, self.words.vocabulary)
        found: dict[str, str] = self.rules.kept[asked]
        return found

    @functools.cached_property
    def there(self) -> set[str]:
        """The record types that the table of records names."""
        table = self._tables["records"]
        if "type" not in table.columns:
            return set()
        found = self._ask("types", lambda: table.select(type_=written(table["type"])).distinct())
        known = words_of(self.words.vocabulary.record_types, self.words.vocabulary.record_types)
        return {known[key(type_)] for (type_,) in found if key(type_) in known}

    def ask(self, programs: Collection[Program], as_of: int) -> None:
        """What will be asked, as of when: only the events that it reads are carried along."""
        self.types = sorted(set().union(*(p.types for p in programs)))
        self.as_of = as_of
        self._state += (tuple(self.types), as_of)
        columns = {"type_": pa.array(self._number, pa.string()), "t": pa.array(self._number.values(), pa.int64())}
        self.database.give(TYPES, pa.table(columns))
        self._pairs: dict[str, list[tuple[str, str, bool]]] = {}
        for table, part in (("events", "events"), ("participants", "roles")):
            if table in self._tables:
                rows = [(t, word) for t, e in self.words.vocabulary.record_types.items() for word in getattr(e, part)]
                texts = {t: "".join(p.text for p in programs if t in p.types) for t in self.types}
                every = table == "participants"
                asked = [t in texts and (every or quoted(word, "'") in texts[t]) for t, word in rows]
                self._pairs[table] = [(t, word, is_) for (t, word), is_ in zip(rows, asked, strict=True)]

    def _compiled(self, key: object, make: Callable[[], Expr], *, fused: bool = True) -> tuple[str, Any]:
        """The SQL and the columns of an expression, compiled once; ``key`` tells it from others of the same tables."""
        compiled = self.rules.kept
        whole = (*self._state, bool(self.ids.numbers), key)
        if whole not in compiled:
            expression = make()
            compiled[whole] = self.database.compile(expression, fused=fused), expression.schema()
        found: tuple[str, Any] = compiled[whole]
        return found

    def _keep(self, name: str, make: Callable[[], Expr], *more: object) -> Expr:
        sql, schema = self._compiled((name, *more), make, fused=False)
        self.database.keep(name, sql)
        self._kept[name] = ibis.table(schema, name=name)
        return self._kept[name]

    def _ask(self, key: object, make: Callable[[], Expr]) -> list[tuple[Any, ...]]:
        return list(self.database.rows(self._compiled(key, make)[0]))

    def merge(self) -> tuple[int, int]:
        """Read the plain rows and find the odd records; how many rows ``records`` has, and how many are not odd."""
        records = self._records()
        ((read, different),) = self._ask("read", lambda: records.aggregate(n=_.count(), ids=_.key.nunique()))
        # ids that stand at several rows
        again = None
        if different < read:
            found = records.group_by("key").having(_.count() > 1)
            again = self._keep(AGAIN, lambda: found.agg(types=_.t.nunique()))
        parts = [self._part(table, records, again) for table in TABLES[1:] if table in self._tables]

        def odd() -> Expr:
            found = [records.filter(_.odd).select("key")]
            if again is not None:
                twice = records.semi_join(again, "key").group_by("key", "t").having(_.count() > 1).agg()
                found.append(twice.select("key"))
            for rows in parts:
                mine = rows.filter(rows.odd)
                found.append(mine.filter(mine.key.notnull()).select("key"))
                found.append(records.semi_join(mine.filter(mine.key.isnull()), "rid").select("key"))
            every = functools.reduce(lambda a, b: a.union(b), found).distinct()
            return every.mutate(n=ibis.row_number().over(ibis.window(order_by="key")))

        self._odd = self._keep(ODD, odd, again is None)
        ((self.odd,),) = self._ask("odd", lambda: self._odd.aggregate(n=_.count()))
        if not self.odd:
            return read, read
        ((plain,),) = self._ask("plain", lambda: records.anti_join(self._odd, "key").aggregate(n=_.count()))
        return read, plain

    def _words(self, table: str) -> tuple[Expr, tuple[str, ...]]:
        """The combinations of words of a table, and the words whose rows go the short way."""
        rows = functools.cache(lambda: Rows(table, self._tables[table], self.words))
        open_ = self._is_open(table)
        known = self._number if table == "records" else {word for _t, word, _asked in self._pairs[table]}
        words = self._keep(WORDS[table], lambda: rows().words(short_way.rough(rows()) if open_ else None), open_)
        if not open_:
            self.ids.look(table, self._tables[table])
            return words, ()
        unsure = words.unsure.any() if table == "records" else ibis.literal(False)
        by_word = words.group_by(word=f"w_{WORD[table]}").agg(short=words.short.all(), unsure=unsure)
        found = [row for row in self._ask(("short", table), lambda: by_word) if row[0] in known]
        short = {word for word, short, _unsure in found if short}
        if table == "records" and any(unsure for _word, _short, unsure in found):
            short = self._of_plain_ids(short, {word for word, _short, unsure in found if unsure})
        return words, tuple(sorted(short))

    def _is_open(self, table: str) -> bool:
        """Whether rows of a table can go the short way."""
        rows = self._tables[table]
        found = self.database.by_column and len(self._number) <= short_way.MOST_TYPES and short_way.is_open(table, rows)
        if found and table == "events" and rows["date"].type().is_string():
            ((dates,),) = self._ask("dates", lambda: rows.aggregate(n=rows.date.approx_nunique()))
            return bool(dates <= short_way.MOST_DATES)
        return found

    def _of_plain_ids(self, short: set[str], unsure: set[str]) -> set[str]:
        """Of record types those that can go the short way though their ids have to be looked at."""
        self.ids.look("records", self._tables["records"])
        rows, types = self.ids.put(self._tables["records"]), sorted(short & unsure)
        plain = self._ask(("plain ids", *types), lambda: short_way.plain_ids(rows, types))
        return short - unsure | {type_ for (type_,) in plain}

    def _records(self) -> Expr:
        words, short = self._words("records")
        codes = self._ask("codes", lambda: words.select("x_jurisdiction").distinct())
        self.codes = {code for (code,) in codes}
        self.database.give(PLACES, self._places(self.codes))
        every = self.ids.put(self._tables["records"])
        types = ibis.table({"type_": "string", "t": "int64"}, name=TYPES)

        def make() -> Expr:
            found = []
            if short:
                rows = Rows("records", every.filter(every["type"].isin(short)), self.words)
                found.append(short_way.records(rows, short, types))
            if self._long("records", short):
                others = every.filter(_others(every, "records", short)) if short else every
                found.append(long_way.records(Rows("records", others, self.words), words, types))
            return self._placed(functools.reduce(lambda a, b: a.union(b), found))

        return self._keep(MERGED["records"], make, short, self._long("records", short))

    def _long(self, table: str, short: tuple[str, ...]) -> bool:
        """Whether there are other words than those whose rows go the short way."""
        if not short:
            return True
        words = self._kept[WORDS[table]]
        others = words.filter(~words[f"w_{WORD[table]}"].isin(short)).limit(1)
        return bool(self._ask(("long", table, short), lambda: others))

    def _placed(self, rows: Expr) -> Expr:
        """The records with their numbers and places. Records of a type are told apart by a number, if it is computed
        once and kept."""
        insides = [f"in_{n}" for n in range(len(self.words.places))]
        columns = {"code": "string", "its_region": "string", **dict.fromkeys(insides, "boolean")}
        places = ibis.table(columns, name=PLACES)
        rows = rows.mutate(lawgov__code=rows.jurisdiction)
        rows = rows.left_join(places, rows.lawgov__code == places.code)
        rid = ibis.row_number().cast("int64") if self.database.temporary else rows.key
        found = rows.mutate(rid=rid, region=ibis.coalesce(rows.its_region, ""))
        return found.drop("code", "its_region", "lawgov__code")

    def _part(self, table: str, records: Expr, again: Expr | None) -> Expr:
        """The events or participants that are asked for with the numbers of their records, and all that are odd."""
        words, short = self._words(table)
        types = ibis.table({"type_": "string", "t": "int64"}, name=TYPES)
        every = self._tables[table]

        def long(rows: Expr) -> Expr:
            columns = {"its_type": "int64", "word": "string", "asked": "boolean"}
            pairs, mine = ibis.table(columns, name=PAIRS[table]), Rows(table, self.ids.put(rows), self.words)
            return long_way.part(mine, words, records, again, types, pairs, self.as_of)

        if not short:
            self.ids.look(table, every)
            self._give_pairs(table)
            return self._keep(MERGED[table], functools.partial(long, every), again is not None)
        self._give_bits(table, short)
        known = records if again is None else records.anti_join(again, "key")
        bit = ibis.literal(1, "int64") << ibis.greatest(known.t, 0).cast("int64")
        known = known.select("key", "rid", "t", bit=ibis.ifelse(known.t == long_way.UNKNOWN, 0, bit))
        bits = ibis.table({"word": "string", "may": "int64", "asked": "int64"}, name=BITS[table])

        days = None
        if table == "events" and every["date"].type().is_string():
            days = self._keep(DATES, lambda: short_way.dates(every))

        def shortly() -> Expr:
            return short_way.part(Rows(table, every, self.words), short, known, bits, types, days, self.as_of)

        found = self._keep(MERGED[table], shortly, short, again is not None)
        strangers = self._keep(STRANGERS, lambda: found.filter(found.rid.isnull()).select("key").distinct(), table)
        ((strange,),) = self._ask("strangers", lambda: strangers.aggregate(n=_.count()))
        if strange or self._long(table, short):
            strange_ = ibis.coalesce(every["record"], "").isin(strangers.key)
            others = every.filter(_others(every, table, short) | strange_)
            self.ids.look(table, others, short)
            self._give_pairs(table)
            key_ = (table, "long", short, again is not None)
            self.database.append(MERGED[table], self._compiled(key_, functools.partial(long, others), fused=False)[0])
        self.ids.pass_over(table)
        self.database.forget(STRANGERS)
        return found

    def _give_pairs(self, table: str) -> None:
        """Which events and roles each record type may have, and whether they are asked for."""
        rows = [(self._number[t], word, asked) for t, word, asked in self._pairs[table]]
        types = {"its_type": pa.int64(), "word": pa.string(), "asked": pa.bool_()}
        columns = {name: pa.array([row[n] for row in rows], kind) for n, (name, kind) in enumerate(types.items())}
        self.database.give(PAIRS[table], pa.table(columns))

    def _give_bits(self, table: str, short: tuple[str, ...]) -> None:
        """For each of some words the types that may have it, and those that are asked for it, each a bit."""
        bits = {word: [0, 0] for word in short}
        for type_, word, asked in self._pairs[table]:
            if word in bits:
                bits[word][0] |= 1 << self._number[type_]
                bits[word][1] |= asked << self._number[type_]
        may, asked_ = (pa.array([b[n] for b in bits.values()], pa.int64()) for n in (0, 1))
        self.database.give(BITS[table], pa.table({"word": pa.array(bits, pa.string()), "may": may, "asked": asked_}))

    # canonical tables

    def canonical(self, accepted: Mapping[str, list[Record]]) -> None:
        """Make the tables that the programs read: the plain records, and the odd ones that Python accepted."""
        codes = self.codes | {r.jurisdiction for found in accepted.values() for r in found}
        give_common(self.database, self.rules, codes)
        for type_ in self.types:
            more = self._given(type_, accepted.get(type_, []))
            for table in TABLES:
                make = functools.partial(self._of_type, type_, table)
                sql, _schema = self._compiled((type_, table, bool(self.odd)), make)
                copied = table != "records" or bool(self.odd)
                self.database.keep(name_of(type_, table), sql + more[table], copied=copied)
        if self.database.temporary:  # each type has its own now, which is quicker than to look through all again
            self.database.forget(*(MERGED[table] for table in TABLES[1:]))

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
        if table not in self._tables:
            return self._nothing(columns)
        rows = self._kept[MERGED[table]]
        rows = rows.filter(rows.t == self._number[type_])
        if self.odd and table == "records":
            rows = rows.anti_join(self._odd, "key")
        elif self.odd:
            records = self._kept[MERGED["records"]]
            gone = records.filter(records.t == self._number[type_]).semi_join(self._odd, "key").select("rid")
            rows = rows.filter(~rows.odd).anti_join(gone, "rid")
        found: dict[str, Any] = {NUMBER[table]: "rid", **({"id": "key"} if table == "records" else {})}
        if "day" in rows.columns:
            low = rows.day.cast("int64") * DAY
            found |= {"event": "event", "low": low, "high": low + (DAY - 1)}
        rest = {c: c if c in rows.columns else ibis.null(t) for c, t in columns.items() if c not in found}
        return rows.select(**found, **rest)

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
        for name, rows in self._tables.items():
            self.ids.look(name, rows)
        tables = {name: self.ids.put(rows) for name, rows in self._tables.items()}
        return as_written(self.database, tables, self.headings, keys)


def _others(rows: Expr, table: str, short: tuple[str, ...]) -> Expr:
    """Whether the word of a row is not among some."""
    return ~ibis.coalesce(rows[WORD[table]].isin(short), False)
