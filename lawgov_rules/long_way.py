"""The long way in: rows that are read cell by cell (plain_rows.py) and joined to their records by the texts of their
ids. What cannot be read so makes its record odd."""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _

from lawgov_rules import cells
from lawgov_rules.importers._joined import EXAMPLES
from lawgov_rules.plain_rows import WORD, Rows
from lawgov_rules.records import DAY

Expr = Any
UNKNOWN = -1  # the number of a type that the vocabulary does not have


def records(rows: Rows, words: Expr, types: Expr) -> Expr:
    """Records: key, t (the number of their type), organ, jurisdiction, odd, and the attributes that are carried."""
    found = rows.read(words)
    found = found.left_join(types, found.x_type == types.type_)
    return found.select(
        key=ibis.coalesce(found.x_record, ""),
        t=ibis.coalesce(found.t, UNKNOWN).cast("int16"),
        organ=found.x_organ,
        jurisdiction=found.x_jurisdiction,
        odd=found.odd | found.x_record.isnull() | cells.is_among(found.x_record, EXAMPLES),
        **{c: c for c in rows.carried},
    )


def part(rows: Rows, words: Expr, records: Expr, again: Expr | None, types: Expr, pairs: Expr, as_of: int) -> Expr:
    """Events or participants: key (of odd ones), rid, t, their own columns, the attributes that are carried, odd. Those
    that are not asked for are left out unless they are odd.

    Args:
        again: the ids that stand at several records. types: type_ and t. pairs: its_type, word and whether it is asked.
    """
    found = rows.read(words).rename(mine_odd="odd")
    found = found.mutate(x_record=ibis.coalesce(found.x_record, ""))
    theirs = records.select(rkey="key", t="t", rid="rid", several=ibis.literal(False))
    if again is not None:
        several = again.select(again_key="key", types="types")
        theirs = records.left_join(several, records.key == several.again_key)
        theirs = theirs.select(rkey="key", t="t", rid="rid", several=ibis.coalesce(_.types > 1, False))
    on = [found.x_record == theirs.rkey]
    if "type" in rows.given:
        its = types.select(its_name="type_", its_t="t")
        found = found.left_join(its, found.x_type == its.its_name)
        on = [found.x_record == theirs.rkey, found.x_type.isnull() | (found.its_t == theirs.t)]
    found = found.left_join(theirs, on)
    found = found.left_join(pairs, [found.t == pairs.its_type, found[f"x_{WORD[rows.name]}"] == pairs.word])
    odd = found.mine_odd | found.rkey.isnull() | found.asked.isnull() | (found.several & found.x_type.isnull())
    wanted = found.asked
    fixed: dict[str, Any] = {"event": found.x_event} if rows.name == "events" else {}
    if rows.whole_days:
        fixed["day"] = found.day
        wanted = wanted & (found.day <= as_of)
    elif rows.name == "events":
        fixed |= {"low": found.low, "high": found.high}
        wanted = wanted & (found.low < (as_of + 1) * DAY)
    else:
        fixed = {"role": found.x_role, "person": found.x_person}
        odd = odd | ~ibis.coalesce(cells.is_one_name(found.x_person), False)
    found = found.select(
        key=found.x_record, rid="rid", t="t", **fixed, **{c: c for c in rows.carried}, odd=odd, wanted=wanted
    )
    found = found.filter(found.odd | found.wanted).drop("wanted")
    return found.mutate(key=ibis.ifelse(found.odd, found.key, ibis.null("string")))
