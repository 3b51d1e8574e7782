"""Write rulesets/calendar/national.csv and statute.csv. Run as `python -m tests.export_calendar`.

`national.csv` holds every day that a published notice names, from the tables of `chinesecalendar`;
`statute.csv` the statutory holidays of the later years, from `holidays`. Years and numbers of the notices
come from calendar.yaml, so a newer package adds nothing until its notice is named there.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import chinese_calendar
import holidays
import yaml

FOLDER = Path(__file__).parents[1] / "rulesets" / "calendar"
LAST_YEAR = 2045
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


def notices() -> list[dict[str, object]]:
    """The national notices of calendar.yaml, every value as text."""
    text = (FOLDER / "calendar.yaml").read_text("utf-8")
    return list(yaml.load(text, Loader=yaml.BaseLoader)["notices"])


def national() -> str:
    """date,state,name,source for every day that a notice names, in the order of the days."""
    plan, change = {}, {}
    for notice in notices():
        source = notice.get("number") or notice["notice"]
        named = [*notice.get("rest", ()), *notice.get("work", ())]
        if not named:
            plan[notice["year"]] = source
        for span in named:
            first, _, last = span.partition("..")
            for day in range(date.fromisoformat(first).toordinal(), date.fromisoformat(last or first).toordinal() + 1):
                change[date.fromordinal(day)] = source
    states = dict.fromkeys(chinese_calendar.holidays, "rest") | dict.fromkeys(chinese_calendar.workdays, "work")
    rows = []
    for day in sorted(states):
        english = chinese_calendar.holidays.get(day) or chinese_calendar.workdays[day]
        # the days around 1 January belong to the notice of the new year
        year = day.year + (day.month == 12 and english == "New Year's Day")
        if str(year) in plan:
            source = change.get(day, plan[str(year)])
            rows.append((day.isoformat(), states[day], NAMES[english], source))
    return table("date,state,name,source", rows)


def statute() -> str:
    """date,name for every statutory holiday after the published years; a day with two names has two rows."""
    first = max(int(notice["year"]) for notice in notices()) + 1
    found = holidays.country_holidays("CN", years=range(first, LAST_YEAR + 1), observed=False, language="zh_CN")
    rows = [
        (day.isoformat(), "春节" if name == "农历除夕" else name)
        for day in sorted(found)
        for name in found.get_list(day)
    ]
    return table("date,name", rows)


def table(header: str, rows: list[tuple[str, ...]]) -> str:
    """Rows as CSV with a header line, lines ending in a line feed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return text.getvalue()


def main() -> None:
    (FOLDER / "national.csv").write_text(national(), "utf-8", newline="\n")
    (FOLDER / "statute.csv").write_text(statute(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
