"""A demonstration data set: some 300 records of twenty invented organs, the same on every machine.

What happened is told by stories (``stories/<document>/<record type>.yaml``): a normal course of events with offsets,
and named disturbances. Chance, from a fixed seed, deals them out and picks days, numbers and people. No clock is read:
the set ends on `AS_OF`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from lawgov_rules.days import Calendar, Region, to_day
from lawgov_rules.demo.draw import Draw
from lawgov_rules.demo.page import page
from lawgov_rules.demo.story import Change, Story, days
from lawgov_rules.demo.telling import ONE, Told, tell
from lawgov_rules.errors import Problem
from lawgov_rules.loading import bundled
from lawgov_rules.vocabulary import Vocabulary
from lawgov_rules.yaml_file import read_documents

AS_OF = date(2019, 12, 6)
SEED = "甲县"
HERE = Path(__file__).parent
NOTE, BROKEN = "说明.txt", "有错的案卷.yaml"
INVENTED = (
    "演示数据，全部虚构：机关、人员、文号、事项都是编造的；地域代码只用来确定适用哪些规则，与当地机关无关。",
    "Demonstration data. Organs, people, numbers and matters are all invented.",
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
Organs = Mapping[str, Mapping[str, str]]


class DataSet(NamedTuple):
    """The files by their paths within the folder, and how many good records and organs are in them."""

    files: Mapping[str, str]
    records: int
    organs: int


def data_set() -> DataSet:
    """The whole set, made anew."""
    organs: Organs = _read(HERE / "organs.yaml")
    labels = Vocabulary.load(bundled() / "vocabulary").record_types
    told = _told_by_file(organs)
    files, lines = {}, []
    for (document, type_), tellings in sorted(told.items()):
        label = labels[type_].zh
        records = [([f"情形：{said}" for said in each.says], each.record(number)) for each, number in tellings]
        files[f"{document}/{label}.yaml"] = page([*INVENTED, f"{label}，{len(records)}份。"], records)
        arranged = sum(bool(remarks) for remarks, _ in records)
        lines.append(
            f"  {document}/{label}.yaml：{len(records)}份" + (f"，其中{arranged}份安排了情形" if arranged else "")
        )
    count = sum(map(len, told.values()))
    texts = {"as_of": AS_OF, "records": count, "organs": "、".join(organs), "broken": BROKEN, "files": "\n".join(lines)}
    files[NOTE] = (HERE / "note.txt").read_text("utf-8").format_map(texts)
    files[BROKEN] = (HERE / "broken.yaml").read_text("utf-8")
    return DataSet(files, count, len(organs))


def write(folder: Path) -> DataSet:
    """Write the set into a folder, which is made if need be. OSError where it cannot be written."""
    made = data_set()
    for name, text in made.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return made


def _told_by_file(organs: Organs) -> dict[tuple[str, str], list[tuple[Told, int]]]:
    """Every telling with its number, by document and record type, in the order of the organs and of time."""
    calendar = Calendar.load(bundled() / "calendar")
    told: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for story in _stories():
        for each in _dealt(story, organs):
            own = organs[each.organ]
            tell(each, own, AS_OF, partial(_rests, calendar.region(own["code"])))
            told[story.document, story.type].append(each)
    order = list(organs)
    return {
        key: sorted(_numbered(tellings), key=lambda pair: (order.index(pair[0].organ), pair[0].dated))
        for key, tellings in told.items()
    }


def _rests(region: Region, day: date) -> bool:
    return region.state(to_day(day)) == "rest"


def _read(path: Path) -> Any:
    """The one document of a file of this package."""
    [found] = read_documents(path)
    assert not isinstance(found, Problem), found
    return found.value


def _stories() -> Iterator[Story]:
    shared = _read(HERE / "stories" / "shared.yaml")
    for path in sorted((HERE / "stories").glob("*/*.yaml")):
        for written in _read(path):
            yield Story.read(path.parent.name, path.stem, written, shared)


def _dealt(story: Story, organs: Organs) -> Iterator[Told]:
    """The tellings of a story: whose they are, from which day, and how they depart from the normal course."""
    draw = Draw(SEED, story.document, story.type, story.story)
    low, high = days(story.begins)
    if story.one_each:
        for organ in story.organs:
            changes = [change for change in story.otherwise if not change.organs or organ in change.organs]
            yield _told(story, organ, low, changes, draw, organs, 0)
        return
    ways: list[list[Change]] = [[] for _ in range(story.times)]
    ways += [[change] for change in story.otherwise for _ in range(int(change.times))]
    turns: dict[str, int] = defaultdict(int)
    for n, changes in enumerate(draw.shuffled(ways)):
        own = changes[0] if changes else Change()
        # whoever had the fewest so far, in the order of the list
        organ = min(own.organs or story.organs, key=lambda name: turns[name])
        turns[organ] += 1
        # one after the other through the years, unless it has days of its own
        length = (high - low).days + 1
        first, last = length * n // len(ways), max(length * (n + 1) // len(ways) - 1, length * n // len(ways))
        begin = low + draw.between(first, last) * ONE
        if own.begins:
            from_, to = days(own.begins)
            begin = from_ + draw.between(0, (to - from_).days) * ONE
        yield _told(story, organ, begin, changes, draw, organs, turns[organ] - 1)


def _told(story: Story, organ: str, begin: date, changes: list[Change], draw: Draw, organs: Organs, turn: int) -> Told:
    people = [f"{name}某" for name in Draw(SEED, organ).shuffled(SURNAMES)[:12]]
    texts: dict[str, object] = {key: organs[organ][key] for key in ("short", "code", "level")}
    texts["self"] = people[turn % len(people)]
    texts |= {f"p{n}": name for n, name in enumerate(draw.shuffled(people), 1)}
    return Told(story, organ, begin, changes, draw, texts)


def _numbered(tellings: Iterable[Told]) -> Iterator[tuple[Told, int]]:
    """Each telling with the number that its id gets: they grow through a year, with gaps."""
    last: dict[tuple[str, str, int], int] = defaultdict(int)
    for told in sorted(tellings, key=lambda each: each.dated):
        id_ = told.story.id
        series = (told.organ, id_, told.dated.year if "{year}" in id_ else 0)
        last[series] += told.draw.between(1, 6)
        yield told, last[series]
