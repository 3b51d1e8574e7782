"""The due list as a calendar (iCalendar, RFC 5545), for Outlook, phones and shared calendars.

Every duty with a day is an all-day event on the earliest day by which it is to be done, with an alarm at nine o'clock
on the working day before (in the record's region); what is overdue has no alarm. A duty keeps its identity whatever
becomes of it, and a later list has a higher sequence number, so that importing it again updates the events.
A duty that has been done is in the list no more: its event stays as it last was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from lawgov_rules.reports._due._words import DutyWords
from lawgov_rules.reports._plain import line

if TYPE_CHECKING:
    from lawgov_rules.duties import DueList, Duty
    from lawgov_rules.ruleset import Rulesets

ALARM = dt.timedelta(hours=9)
ORGAN, RECORD = 40, 60


def write(found: DueList, out: BinaryIO, lang: str, rules: Rulesets) -> None:
    """Write the duties that have a day as a calendar."""
    import json

    from icalendar import Calendar, vText

    words = DutyWords(rules, lang)
    calendar = Calendar()
    calendar.add("prodid", f"-//lawgov_rules//due list//{lang.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar["x-wr-calname"] = vText(words.t("应办事项", "Duties"))
    calendar["x-lawgov-receipt"] = vText(json.dumps(found.receipt, ensure_ascii=True, separators=(",", ":")))
    as_of = dt.date.fromisoformat(found.receipt["as_of"])
    for duty in found.duties:
        if duty.due is not None:
            calendar.add_component(_event(duty, duty.due, as_of, words))
    out.write(calendar.to_ical())


def _event(duty: Duty, due: dt.date, as_of: dt.date, words: DutyWords) -> Any:
    from icalendar import Event

    event = Event()
    stamp = dt.datetime.combine(as_of, dt.time(), dt.UTC)
    event.add("uid", f"{duty.fingerprint}@lawgov-rules")
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", (as_of - dt.date(1970, 1, 1)).days)
    event.add("dtstart", due)
    if due < dt.date.max:
        event.add("dtend", due + dt.timedelta(days=1))
    event.add("summary", _summary(duty, words))
    event.add("description", "\n".join(filter(None, _description(duty, as_of, words))))
    event.add("categories", [words.status(duty), duty.citation["document"]])
    event.add("status", "CONFIRMED" if duty.certainty == "certain" else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    event.add("priority", 1 if duty.status in ("overdue", "perhaps_overdue") else 5)
    if duty.remind and duty.status == "due":
        event.add_component(_alarm(duty.remind - due, _summary(duty, words)))
    return event


def _alarm(before: dt.timedelta, said: str) -> Any:
    """Counted from the beginning of the due day, which most calendars understand."""
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", said)
    alarm.add("trigger", before + ALARM)
    return alarm


def _summary(duty: Duty, words: DutyWords) -> str:
    """``【逾期未办】某机关：规范性文件备案（某文件）``."""
    organ, record = line(duty.organ or duty.bearer, ORGAN), line(duty.record, RECORD)
    flag = words.t(f"【{words.status(duty)}】", f"[{words.status(duty)}] ") if duty.status != "due" else ""
    title = duty.title[words.lang]
    return flag + words.t(f"{organ}：{title}（{record}）", f"{organ}: {title} ({record})")


def _description(duty: Duty, as_of: dt.date, words: DutyWords) -> Iterator[str]:
    t = words.t
    yield line(duty.message[words.lang])
    yield f"{t('到期日：', 'Due: ')}{words.when(duty)}"
    if doubt := words.doubt(duty):
        yield f"{t('日期不确定的原因：', 'Why the day is not certain: ')}{doubt}"
    yield f"{t('机关：', 'Organ: ')}{line(duty.organ)}" if duty.organ else ""
    yield f"{t('义务主体：', 'Obliged: ')}{duty.bearer}"
    record = line(f"{duty.record} [{words.instance(duty)}]" if duty.instance else duty.record)
    yield f"{t('案卷：', 'Record: ')}{record}"
    yield f"{t('规则：', 'Rule: ')}{duty.rule}"
    yield t(f"状况截至{as_of}。", f"As known on {as_of}.")
