"""Tables of rows as documents: records with a row each, and tables of their events and participants.

A table of records may be wide: besides attributes it may have a column an event (the days on which it happened) and a
column a role (the names). The others name the record in ``record`` (and its ``type`` where ids repeat between types)
and have a row an event or a participant.

Events are complete by their nature: what is not in the tables has not happened. So a table that cannot be read stops
the whole, and a row, or a column, that cannot be read stops its records; none is judged as if nothing had happened.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from lawgov_rules.document_number import canonical
from lawgov_rules.errors import InputError, Problem, did_you_mean, shown
from lawgov_rules.importers._grid import Grid, Row, Table, with_headings
from lawgov_rules.importers._headings import OWN, Column, Headings, key, own, words_of
from lawgov_rules.importers._long import LongTable
from lawgov_rules.importers._reading import Reading
from lawgov_rules.importers._wide import Layout, RowReader, RowsDocument, TableDocument
from lawgov_rules.yaml_file import Document

EXAMPLES = frozenset(("示例", "example"))
NO_HEADING = "a value stands in a column without a heading"


def documents(grids: Iterable[Grid], reading: Reading) -> Iterator[Document | Problem]:
    """A document for each row of records, with its events and participants; a problem for what belongs to none."""
    joined = _Joined(reading)
    records: list[_Records] = []
    all_read = judgeable = True
    for grid in grids:
        try:
            table = with_headings(grid, reading.limits)
            if table and table.kind == "records":
                records.append(_Records(table, reading))
            elif table:
                joined.parts.append(LongTable(table, reading.vocabulary))
        except InputError as error:
            all_read = False
            judgeable = judgeable and grid.kind == "records"
            yield error.problem
    if not judgeable:
        return
    for part in records:
        for row in part.rows:
            joined.types.setdefault(part.id(row), set()).add(part.type(row))
    joined.gather()
    for part in records:
        yield from joined.of(part)
    yield from (dataclasses.replace(problem, records=n) for problem, n in joined.spoiling.items())
    if all_read:
        yield from joined.strays()


class _Records:
    """The rows of one table of records."""

    def __init__(self, table: Table, reading: Reading) -> None:
        self.table, self.reading, self.vocabulary = table, reading, reading.vocabulary
        ours = own(OWN)
        self.at = {ours[key(h)]: n for n, h in reversed(list(enumerate(table.headings))) if key(h) in ours}
        if table.type is None and "type" not in self.at:
            reason, help = (
                "no column `type`",
                "name the sheet or file after a record type (规范性文件), or add a column `类型`",
            )
            raise InputError(Problem(table.place(table.line), reason, help=help))
        self.type_words = words_of(self.vocabulary.record_types, self.vocabulary.record_types)
        if table.type:  # a word of the type comes before one of ours: 编号 is an event of some
            columns = [Headings(self.vocabulary, table.type).column(h) for h in table.headings]
            self.at = {c.part: n for n, c in reversed(list(enumerate(columns))) if c and c.part in OWN}
            if "record" not in self.at:
                reason, help = "no column holds the ids of records", "head the column of ids with `案卷号`"
                raise InputError(Problem(table.place(table.line), reason, help=help))
        self.rows = [row for row in table.rows if not self._is_example(row)]
        self.unknown = self._unknown()
        self._readers: dict[str, RowReader] = {}

    def _cell(self, row: Row, name: str) -> str:
        number = self.at.get(name, -1)
        return row.cells[number] if 0 <= number < len(row.cells) else ""

    def _is_example(self, row: Row) -> bool:
        if key(self._cell(row, "record")) not in EXAMPLES:
            return False
        place = self.table.place(row.line, self.at["record"])
        self.reading.advise(place, "the example row is passed over")
        return True

    def id(self, row: Row) -> str:
        return canonical(self._cell(row, "record"))

    def type(self, row: Row) -> str:
        """The type a row names, else that of the table; as written where it is not known."""
        written = self._cell(row, "type")
        return self.type_words.get(key(written), written) if written else self.table.type or ""

    def _unknown(self) -> dict[int, Problem]:
        """The columns whose headings mean nothing for any type of record here."""
        types = {t for row in self.rows if (t := self.type(row)) in self.vocabulary.record_types} | self.reading.types
        known = [Headings(self.vocabulary, t) for t in sorted(types)]
        for one in known:
            self._refuse_twins([one.column(h) if h else None for h in self.table.headings])
        found = {}
        for number, heading in enumerate(self.table.headings):
            if heading and known and not any(h.column(heading) for h in known):
                texts = dict.fromkeys(text for h in known for text in h.texts())
                help = did_you_mean(heading, texts) if len(texts) > 12 else ""
                help = help or "see `lawgov template` for the headings, or begin a heading for notes with 备注"
                place, reason = self.table.place(self.table.line, number), f"`{shown(heading)}` is not a known heading"
                found[number] = Problem(place, reason, shown(heading), help)
        return found

    def _refuse_twins(self, columns: list[Column | None]) -> None:
        """InputError where two headings mean the same: which of the two counts is not for us to choose."""
        first: dict[Column, int] = {}
        for number, column in enumerate(columns):
            if column and column.part != "remark" and first.setdefault(column, number) != number:
                one, other = self.table.headings[first[column]], self.table.headings[number]
                reason, help = f"`{shown(other)}` means the same as `{shown(one)}`", "begin one of the two with 备注"
                raise InputError(Problem(self.table.place(self.table.line, number), reason, shown(other), help))

    def reader(self, type_: str) -> RowReader:
        if type_ not in self._readers:
            headings = Headings(self.vocabulary, type_)
            columns = [headings.column(h) if h else Column("remark") for h in self.table.headings]
            self._readers[type_] = RowReader(self.table, Layout.of(columns), self.vocabulary)
        return self._readers[type_]

    def faults(self, row: Row) -> list[Problem]:
        """What makes a row unfit to be a record, whatever its values."""
        found = [self.table.refuse(row, column, reason, help) for column, reason, help in row.faults]
        wide = len(self.table.headings)
        found += [self.table.refuse(row, n, NO_HEADING, "head the column") for n, text in enumerate(row.cells)
                  if text and (n >= wide or not self.table.headings[n])]  # fmt: skip
        number = self.at.get("record", -1)
        if number in row.filled:
            help = "give each record one row, and write several events as `公布`, `公布2` or on a sheet `事项`"
            found.append(self.table.refuse(row, number, "the record's id is merged over several rows", help))
        elif not self._cell(row, "record") and not found:
            found.append(self.table.refuse(row, number, "the row has values, and no record's id", "write its id"))
        return found


class _Joined:
    """The rows of all tables by record."""

    def __init__(self, reading: Reading) -> None:
        self.vocabulary = reading.vocabulary
        self.parts: list[LongTable] = []
        self.types: dict[str, set[str]] = {}
        self.spoilt: dict[str, Problem] = {}
        self.spoiling: dict[Problem, int] = {}

    def gather(self) -> None:
        """What of the other tables cannot be given to a record; its record is then not judged."""
        for part in self.parts:
            for record, problem in part.faults(self.types):
                if record not in EXAMPLES:
                    self.spoilt.setdefault(record, problem)

    def of(self, part: _Records) -> Iterator[Document | Problem]:
        for row in part.rows:
            record, type_ = part.id(row), part.type(row)
            if problems := part.faults(row):
                yield from _counted(problems)
                continue
            lost = [problem for n, problem in part.unknown.items() if n < len(row.cells) and row.cells[n]]
            if record in self.spoilt:
                lost.append(self.spoilt[record])
            if lost:
                for number, problem in enumerate(lost):
                    self.spoiling[problem] = self.spoiling.get(problem, 0) + int(number == 0)
                continue
            row.cells += [""] * (len(part.table.headings) - len(row.cells))
            given = part, row, record, type_
            yield RowsDocument(part.table.place(row.line), partial(self._rows, *given), partial(self._document, *given))

    def _rows(self, part: _Records, row: Row, record: str, type_: str) -> object:
        """All that a document is made of but its places."""
        own = part.table.head, row.cells, sorted(row.filled), row.faults
        return type_, record, own, [(long.table.head, long.cells(type_, record)) for long in self.parts]

    def _document(self, part: _Records, row: Row, record: str, type_: str) -> TableDocument:
        place = part.table.place(row.line)
        if type_ not in self.vocabulary.record_types:
            value: dict[str, Any] = {"record": record, "type": type_ or None}
            at = part.table.place(row.line, part.at.get("type", -1))
            return TableDocument(place, value, {("type",): at}, labelled=part.table.labelled)
        value, places, faults = part.reader(type_).read(row, type_)
        value["record"] = record
        problems = [part.table.refuse(row, *fault) for fault in faults]
        for table in self.parts:
            for one, columns, wrong in table.of(type_, record):
                problems += wrong
                number, kind = len(value[table.table.kind]), table.table.kind
                value[kind].append(one)
                places[kind, number] = next(iter(columns.values()))
                places |= {(kind, number, name): found for name, found in columns.items()}
        return TableDocument(place, value, places, problems, part.table.labelled)

    def strays(self) -> Iterator[Problem]:
        """Rows of the other tables whose record is in none."""
        for table in self.parts:
            for (type_, record), rows in table.by_record.items():
                known = self.types.get(record, set())
                if (not known or (type_ and type_ not in known)) and key(record) not in EXAMPLES:
                    reason = f"`{shown(record)}` is not in the records table ({len(rows)} rows)"
                    help = "add the record, or mend its id or type here"
                    yield Problem(table.table.place(rows[0].line), reason, shown(record), help)


def _counted(problems: list[Problem]) -> Iterator[Problem]:
    """Several problems of one record, which is counted once."""
    return (dataclasses.replace(problem, records=int(number == 0)) for number, problem in enumerate(problems))
