"""The short way in: rows that are written plainly throughout, taken as they stand.

Whether the rows of a word (an event, a role, a record type) are such is asked of all of them together, beside the
combinations of words: by the least and the greatest of a column where that tells, else by whether any cell is rough.
What comes this way is neither stripped nor compared with words again, and finds its record by the id as it is written.
All other rows go the long way of plain_rows.py: those of the other words, and those whose id no record is called by.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from lawgov_rules import cells
from lawgov_rules.days import to_date
from lawgov_rules.frames import to_day
from lawgov_rules.importers._joined import EXAMPLES
from lawgov_rules.plain_rows import WORD, Rows, in_order
from lawgov_rules.records import DAY, EARLIEST_YEAR, LATEST_YEAR
from lawgov_rules.vocabulary import LARGEST, MILLION

Expr = Any
MOST_TYPES = 62  # of records: a bit of a whole number each
MOST_DATES = 200_000  # written as text: each is read once
_EXAMPLE_SIZES = sorted({len(example) for example in EXAMPLES})


def is_open(table: str, rows: Expr) -> bool:
    """Whether rows of such columns can be taken as they stand: ids, words and names are text, dates are dates."""
    text = {"records": ("record", "type"), "events": ("record", "event"), "participants": ("record", "role", "person")}
    kinds = rows.schema()
    if any(c not in kinds for c in text[table]):
        return False
    if any(not kinds[c].is_string() for c in {*text[table], "type"} & set(rows.columns)):
        return False
    date = kinds.get("date")
    return table != "events" or bool(date and (date.is_date() or date.is_timestamp() or date.is_string()))


def rough(rows: Rows) -> dict[str, Expr]:
    """What is asked of the cells of some rows together; see `Rows.words`. NULL, where there is none, is no."""
    raw = rows.raw
    found = {f"h_{c}": _blank(raw[f"c_{c}"]).count() > 0 for c in rows.single}
    flags = [flag for c in rows.single if rows.users.get(c) for flag in _rough(rows, c)]
    if rows.name == "records":
        found["unsure"] = (~_is_sure_id(raw.c_record)).any()
        flags.append((~_is_plain_text(raw.c_organ)).any())
    elif rows.name == "participants":
        flags.append((~_is_name(raw.c_person)).any())
    elif raw.c_date.type().is_date():
        first, last = ibis.date(EARLIEST_YEAR, 1, 1), ibis.date(LATEST_YEAR, 12, 31)
        flags += [raw.c_date.count() < raw.count(), raw.c_date.min() < first, raw.c_date.max() > last]
    elif not rows.written_dates:
        flags.append((~ibis.coalesce(cells.moment(raw.c_date, cells.text(raw.c_date)).plain, False)).any())
    own = [raw[f"c_{c}"] for c in rows.words_own if not raw[f"c_{c}"].type().is_string()]
    flags += [(~cells.is_plain(cell, cells.text(cell))).any() for cell in own]
    if rows.ordered:
        flags.append((~ibis.coalesce(rows.place(raw).plain, False)).any())
    return found | {f"q_{n}": flag for n, flag in enumerate(flags)}


def _rough(rows: Rows, column: str) -> list[Expr]:
    """Whether a cell of an attribute is rough, or has a value that the event does not admit."""
    cell, attribute = rows.raw[f"c_{column}"], rows.vocabulary.attributes[column]
    kind, written = cell.type(), cells.text(cell)
    odd: list[Expr] = []
    rows.value(cell, written, column, _blank(rows.raw[f"c_{WORD[rows.name]}"]), odd)
    narrowed = [condition.any() for condition in odd[1:]]
    if attribute.type == "date" and kind.is_date():
        return [cell.min() < ibis.date("0001-01-02"), cell.max() > ibis.date("9999-12-30"), *narrowed]
    if attribute.type in ("integer", "number") and kind.is_integer():
        return [cell.min() <= -LARGEST, cell.max() >= LARGEST, *narrowed]
    if attribute.type == "text" and kind.is_string():
        return [(~cells.is_itself(cell)).any(), *narrowed]
    if attribute.type == "boolean" and kind.is_boolean():
        return narrowed
    if kind.is_floating():
        narrowed.append(cell.isnan().any())
    return [odd[0].any(), *narrowed]


def _is_sure_id(id_: Expr) -> Expr:
    """Whether the id of a record is seen at a glance to be taken as it stands, and to be no example's."""
    return ibis.coalesce(cells.is_sure(id_) & ~id_.length().isin(_EXAMPLE_SIZES), False)


def plain_ids(records: Expr, types: Sequence[str]) -> Expr:
    """Of some types those of which every id is taken as it stands, and is no example's."""
    rows = records.filter(records["type"].isin(types))
    whole = (cells.text(rows.record) == rows.record) & ~cells.is_among(rows.record, EXAMPLES)
    plain = ibis.coalesce(ibis.ifelse(_is_sure_id(rows.record), True, whole), False)
    return rows.group_by("type").having(plain.all()).agg().select("type")


def _is_plain_text(column: Expr) -> Expr:
    return cells.is_itself(column) if column.type().is_string() else cells.is_plain(column, cells.text(column))


def _is_name(person: Expr) -> Expr:
    whole = cells.is_itself(person) & cells.is_one_name(person)
    return ibis.coalesce(ibis.ifelse(cells.is_sure(person), True, whole), False) & (person != "")


def _blank(cell: Expr) -> Expr:
    """A cell, NULL where it is empty."""
    return cell.nullif("") if cell.type().is_string() else cell


def _text(cell: Expr) -> Expr:
    return cell.nullif("") if cell.type().is_string() else cells.text(cell)


def _values(rows: Rows, words: Sequence[str]) -> dict[str, Expr]:
    """The attributes that are carried."""
    found = {}
    for name in rows.carried:
        column = name[2:]
        attribute = rows.vocabulary.attributes[column]
        value = _value(rows, column) if f"c_{column}" in rows.raw.columns else rows.nothing(column)
        if attribute.absent is not None:
            may = rows.raw[f"c_{WORD[rows.name]}"].isin([w for w in words if w in rows.users[column]])
            value = ibis.ifelse(may, ibis.coalesce(value, attribute.absent), value)
        found[name] = value
    return found


def _value(rows: Rows, column: str) -> Expr:
    cell, attribute = rows.raw[f"c_{column}"], rows.vocabulary.attributes[column]
    kind = cell.type()
    if attribute.type in ("choice", "text") and kind.is_string():
        return _blank(cell)
    if attribute.type == "date" and kind.is_date():
        return to_day(cell)
    if attribute.type in ("integer", "number"):
        scale = MILLION if attribute.type == "number" else 1
        if kind.is_integer():
            return cell.cast("int64") * scale
        if kind.is_floating():
            return (cell.cast("decimal(20, 6)") * scale).cast("int64")
    return cells.cell(cell, _text(cell), attribute).value


def records(rows: Rows, words: Sequence[str], types: Expr) -> Expr:
    """The records of some types, ``rows``, as those of the long way; see `Intake`."""
    raw = rows.raw
    raw = raw.inner_join(types, raw.c_type == types.type_)
    return raw.select(
        key="c_record",
        t=raw.t.cast("int16"),
        organ=_text(raw.c_organ),
        jurisdiction=_text(raw.c_jurisdiction),
        odd=ibis.literal(False),
        **_values(rows, words),
    )


def part(
    rows: Rows, words: Sequence[str], known: Expr, asked: Expr, types: Expr, days: Expr | None, as_of: int
) -> Expr:
    """The events or participants of some words: those that are asked for, those that their records may not have
    (``odd``), and those without a record, whose ``key`` is the id as it is written.

    Args:
        known: key, rid, t and bit of the records whose id is theirs alone. asked: by word, the types that may have it
            and those that are asked for it, as bits. types: type_ and t. days: `dates`, where they are written as
            text.
    """
    raw = rows.raw
    found = raw.inner_join(asked, raw[f"c_{WORD[rows.name]}"] == asked.word)
    found = found.left_join(known, raw.c_record == known.key)
    if days is not None:
        found = found.left_join(days, found.c_date == days.written)
    there = found.rid.notnull()
    if "type" in rows.given:
        its = types.rename(its_t="t", its_type="type_")
        found = found.left_join(its, found.c_type == its.its_type)
        there = there & (_blank(found.c_type).isnull() | (found.its_t == found.t))
    odd, wanted = (found.may & found.bit) == 0, (found.asked & found.bit) != 0
    fixed: dict[str, Expr] = {}
    if rows.name == "events":
        span, begun = _span(rows, found, as_of)
        fixed, wanted = {"event": found.c_event, **span}, wanted & begun
    else:
        fixed = {"role": found.c_role, "person": found.c_person}
    found = found.select(
        key=ibis.ifelse(there, ibis.null("string"), ibis.coalesce(found.c_record, "")),
        rid=ibis.ifelse(there, found.rid, ibis.null(found.rid.type())),
        t=ibis.ifelse(there, found.t, ibis.null(found.t.type())),
        **fixed,
        **_values(rows, words),
        odd=there & odd,
        wanted=~there | odd | wanted,
    )
    return found.filter("wanted").drop("wanted")


def dates(rows: Expr) -> Expr:
    """Every date of events that is written as text: ``written``, ``its_low``, ``its_high``."""
    found = rows.select(written="date").distinct()
    low, high, _plain = cells.moment(found.written, cells.text(found.written))
    return found.select("written", its_low=low, its_high=high)


def _span(rows: Rows, found: Expr, as_of: int) -> tuple[dict[str, Expr], Expr]:
    """When events happened, and whether that was by the as-of day."""
    if rows.whole_days:
        day = to_day(found.c_date)
        return {"day": day.cast("int32")}, found.c_date <= ibis.literal(to_date(as_of))
    if rows.written_dates:
        low, high = found.its_low, found.its_high
    else:
        low, high, _plain = cells.moment(found.c_date, cells.text(found.c_date))
    if rows.ordered:
        low, high = in_order(low, high, rows.place(found).value)
    return {"low": low, "high": high}, low < (as_of + 1) * DAY
