"""Many records watched over time: what is posted, and what becomes of it as days pass.

A record is always judged anew from its events; what is kept of a judgement serves only to tell what has changed, and
on which day to look again. So whatever was posted, retracted and turned, in any order, the findings are those of a
check of the same records as of the same day.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lawgov_rules.checking import as_of_day
from lawgov_rules.days import to_date
from lawgov_rules.duties import Duty, duty, left_out_as, until
from lawgov_rules.errors import InputError, Place, Problem, shown
from lawgov_rules.findings import Finding, finding_of
from lawgov_rules.links import Key
from lawgov_rules.monitor import facts
from lawgov_rules.monitor.changes import FINDINGS, Change, changes, standing, verdicts
from lawgov_rules.monitor.facts import Plain
from lawgov_rules.monitor.queue import DueQueue
from lawgov_rules.monitor.state import Records
from lawgov_rules.monitor.store import Store
from lawgov_rules.outstanding import outstanding
from lawgov_rules.records import Record, RecordReader
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Assessment, Verdict
from lawgov_rules.waking import Judge, Judged
from lawgov_rules.yaml_file import document_of

__all__ = ["Change", "Monitor"]


class Monitor:
    """Records under watch. Its methods may be called from several threads; each waits for the others.

    Args:
        rules: see `lawgov_rules.load_rulesets`.
        as_of: the day on which a new monitor begins; today in Asia/Shanghai by default.
        state: the file in which everything posted is saved before the call returns. A file that is there already is
            restored, with its own day: all its records are judged anew, by the rules as they are now. Without it
            nothing is saved.

    ``problems`` are those of saved records that newer rules cannot read; they stay in the file and are not judged.

    Raises:
        InputError: ``state`` is not such a file, or another monitor holds it.
    """

    def __init__(self, rules: Rulesets, as_of: dt.date | str | None = None, *, state: str | Path | None = None) -> None:
        self.rules = rules
        self.problems: list[Problem] = []
        self._lock = threading.RLock()
        self._reader = RecordReader(rules.vocabulary, rules.jurisdictions)
        self._judge = Judge(rules)
        self._records = Records(rules.jurisdictions.contains, self._judge.looked_at, self._judge.links)
        self._standing: dict[Key, bytes] = {}
        self._queue = DueQueue()
        self._day = as_of_day(as_of)
        self._store = None if state is None else Store(Path(state))
        if self._store:
            try:
                self._restore(self._store)
            except BaseException:
                self._store.close()
                raise

    @property
    def as_of(self) -> dt.date:
        """The day as of which everything is judged."""
        return to_date(self._day)

    # what comes in

    def post(
        self, record: str | tuple[str, str] | Mapping[str, Any], fact: Mapping[str, Any] | None = None
    ) -> list[Change]:
        """Add facts to a record, or a record; what changed, in the order of records and rules.

        Args:
            record: the id of a record (or type and id, where several types have it); or, without ``fact``, a whole
                record with the keys of a record file. A record that is there already is replaced.
            fact: an event (``{"event": "filed", "date": "2012-03-20", ...}``), a participant (``{"role": ...,
                "person": ...}``), or a mapping with some keys of a record: ``events`` and ``participants`` are added,
                ``attributes``, ``organ``, ``jurisdiction`` set (to None: not known).

        Raises:
            InputError: the facts cannot be used, or there is no such record; it carries every problem, and nothing
                has changed.
        """
        if fact is None:
            document = document_of(record)
            whole = facts.read(self._reader, document)
            with self._lock:
                return self._step({(whole.type, whole.id): whole}, {(whole.type, whole.id): document.value})
        with self._lock:
            key, known = self._find(record)
            part, plain = facts.read_part(self._reader, key, fact)
            saved = {key: facts.added_plain(self._store.plain(key), plain)} if self._store else {}
            return self._step({key: facts.added(known, part, plain)}, saved)

    def load(self, source: Any) -> tuple[list[Change], list[Problem]]:
        """Post every record of files, folders or tables (see `lawgov_rules.check`) at once, all saved or none.

        What changed, and the problems of what could not be read; the other records are posted. Of records with the
        same type and id the first is posted, and the others are problems.
        """
        found, saved, problems = facts.read_source(self._reader, source)
        with self._lock:
            return self._step(found, saved), sorted(problems)

    def retract(self, record: str | tuple[str, str], fact: Mapping[str, Any] | None = None) -> list[Change]:
        """Take back events or participants as they were posted, or (without ``fact``) the record; what changed.

        Of several that are the same, the last is taken back. An attribute is taken back by posting it without a value.

        Raises:
            InputError: there is no such record or fact; nothing has changed.
        """
        with self._lock:
            key, known = self._find(record)
            if fact is None:
                return self._step({key: None}, {key: None})
            part, plain = facts.read_part(self._reader, key, fact)
            at = facts.positions(known, part, plain)
            saved = {key: facts.without_plain(self._store.plain(key), at)} if self._store else {}
            return self._step({key: facts.without(known, at)}, saved)

    def advance(self, day: dt.date | str) -> list[Change]:
        """Go on to another day; what changed. Only records are judged that can have changed by then.

        A day back is allowed (to mend a wrong one), and judges every record anew.
        """
        with self._lock:
            was, now = self._day, as_of_day(day)
            woken = self._queue.take(now) if now >= was else list(self._records)
            self._day = now
            try:
                return self._settle(set(woken) | self._reached(woken, was, now), {})
            except BaseException:
                self._day = was
                for key in woken:  # they are looked at again whenever days go on
                    self._queue.put(key, was + 1)
                raise

    def _reached(self, woken: Iterable[Key], was: int, now: int) -> set[Key]:
        """The records that depend on one of which a fact comes to hand, or lapses, between two days."""
        found: set[Key] = set()
        for record in map(self._records.get, woken) if self._judge.looked_at and now > was else ():
            fact = self._judge.next_fact(record, was) if record else None
            if record and fact is not None and fact <= now:
                found |= self._records.watchers(record)
        return found

    # what is said

    def findings(self) -> list[Finding]:
        """All findings as of the day, those of `lawgov_rules.check` on the same records, in the same order."""
        with self._lock:
            return [self._finding(a, record) for a, record in self._found(self._standing)]

    def due(self, within: int | str | None = None) -> list[Duty]:
        """What is overdue, and what falls due (in so many days, or ``30d``, ``6w``, ``3m``); see `lawgov_rules.due`."""
        with self._lock:
            last = until(self._day, within)
            keys = [key for key, kept in self._standing.items() if last is None or self._may_be_due(key, kept, last)]
            items, _unknown = outstanding(lambda once: self._said(keys, Judge(once)), self.rules, self._day)
            listed = []
            for item in items:
                record = self._records.get((item.assessment.type, item.assessment.record))
                if record and not left_out_as(item, last):
                    listed.append(duty(item, record, record.source, self.rules, self._day))
            return listed

    def explain(self, finding: Change | Mapping[str, Any]) -> Finding | None:
        """The whole finding of a change, or of an earlier finding, as of the day: dates, citation, a sentence in
        Chinese and English. Of a cleared one, why it is cleared; None where its record or instance is gone."""
        named = ("type", "record", "rule", "instance")
        key = tuple(finding[n] if isinstance(finding, Mapping) else getattr(finding, n) for n in named)
        with self._lock:
            record = self._records.get((key[0], key[1]))
            for assessment in self._judge(record, self._day, self._records).assessments if record else ():
                if record and (assessment.type, assessment.record, assessment.rule, assessment.instance) == key:
                    return self._finding(assessment, record)
        return None

    def record(self, record: str | tuple[str, str]) -> Record:
        """A record as it stands. InputError if there is none."""
        with self._lock:
            return self._find(record)[1]

    def __len__(self) -> int:
        """The number of records."""
        return len(self._records)

    def close(self) -> None:
        """Let the file of the saved state go."""
        with self._lock:
            if self._store:
                self._store.close()

    def __enter__(self) -> Monitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # how

    def _find(self, name: str | tuple[str, str] | Mapping[str, Any]) -> tuple[Key, Record]:
        if isinstance(name, tuple):
            found = [(name[0], name[1])]
        else:
            found = [(type_, str(name)) for type_ in self.rules.vocabulary.record_types]
        known = [(key, record) for key in found if (record := self._records.get(key))]
        if len(known) == 1:
            return known[0]
        word = shown(name if isinstance(name, str) else " ".join(map(str, name)))
        if known:
            types = ", ".join(f"`{type_}`" for (type_, _), _ in known)
            raise InputError(Problem(Place(), f"`{word}` names several records", word, f"give its type too: {types}"))
        raise InputError(Problem(Place(), f"`{word}` is not on record", word, "post the whole record first"))

    def _step(self, new: Mapping[Key, Record | None], saved: Mapping[Key, Plain | None]) -> list[Change]:
        """Put records in the place of others, and judge them and those that depend on either."""
        old = {key: self._records.get(key) for key in new}
        touched = set(new)
        for records in (old, new):
            for record in records.values():
                touched |= self._records.watchers(record) if record else set()
        try:
            for key, record in new.items():
                self._records.put(key, record)
            return self._settle(touched, saved)
        except BaseException:
            for key, record in old.items():
                self._records.put(key, record)
            raise

    def _settle(self, touched: Iterable[Key], saved: Mapping[Key, Plain | None]) -> list[Change]:
        """Judge records, save what is to be saved, and then keep what is said of them."""
        judged: dict[Key, Judged] = {}
        places: dict[Key, Place] = {}
        for key in touched:
            record = self._records.get(key)
            judged[key] = self._judge(record, self._day, self._records) if record else Judged([], None)
            places[key] = record.source if record else Place()
        if self._store:
            self._store.save([(key, plain, places[key]) for key, plain in saved.items()], self._day)
        found: list[Change] = []
        for key, (assessments, wake) in judged.items():
            found += changes(key, self._standing.get(key, b""), assessments, self._judge.by_key)
            self._keep(key, assessments, wake)
        return sorted(found)

    def _keep(self, key: Key, assessments: list[Assessment], wake: int | None) -> None:
        self._queue.put(key, wake)
        if kept := standing(assessments, self._judge.by_key):
            self._standing[key] = kept
        else:
            self._standing.pop(key, None)

    def _restore(self, store: Store) -> None:
        saved = store.day()
        self._day = self._day if saved is None else saved
        for key, plain, place in store.records():
            record, problems = self._reader.read(document_of(plain))
            self.problems += [
                replace(p, place=replace(place, file=place.file or f"{key[0]} {key[1]}")) for p in problems
            ]
            if record is not None:
                self._records.put(key, replace(record, source=place))
        for key in self._records:
            if record := self._records.get(key):
                self._keep(key, *self._judge(record, self._day, self._records))

    def _said(self, keys: Iterable[Key], judge: Judge) -> Iterator[Assessment]:
        for key in keys:
            if record := self._records.get(key):
                yield from judge.assess(record, self._day, self._records)

    def _found(self, keys: Iterable[Key]) -> Iterator[tuple[Assessment, Record]]:
        """The findings of records, in order, each with its record."""
        for key in sorted(keys):
            if record := self._records.get(key):
                found = (a for a in self._judge.assess(record, self._day, self._records) if a.verdict in FINDINGS)
                yield from ((a, record) for a in sorted(found, key=Assessment.key))

    def _finding(self, assessment: Assessment, record: Record) -> Finding:
        return finding_of(assessment, self._judge.by_key[assessment.rule], record, self.rules, self._day, record.source)

    def _may_be_due(self, key: Key, kept: bytes, last: int) -> bool:
        """Whether a duty of a record can be overdue, or fall due by a day: it is then another the day after."""
        wake = self._queue.day(key)
        return (wake is not None and wake <= last + 1) or verdicts(kept) != {Verdict.pending}
