"""What stands over a column: a label of the vocabulary in Chinese or English, its id, a synonym, or a heading of ours.

Width of letters, blanks and case do not matter. Of an event or a role there may be several columns, told apart by a
number behind (``公布2`` or ``公布（2）``); what belongs to one stands behind a dot: ``报送备案·报送对象``. The day of
an event may be called so: ``公布日期``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from lawgov_rules.records import HEADINGS
from lawgov_rules.vocabulary import Vocabulary, Word

# ours, and what people call it; the first is what a template writes in Chinese, the second in English
OWN: dict[str, tuple[str, ...]] = {
    "record": (HEADINGS["record"], "record", "案卷", "案卷编号", "文号", "字号", "发文字号", "文件字号", "文件编号",
               "文书编号", "案号", "案件号", "案件编号", "受理编号", "事项编号", "编号", "id"),
    "type": (HEADINGS["type"], "type", "案卷类型", "record type"),
    "jurisdiction": (HEADINGS["jurisdiction"], "jurisdiction", "行政区划代码", "区划代码", "行政区域代码", "地区代码"),
    "organ": (HEADINGS["organ"], "organ", "机关名称", "单位", "单位名称", "制定机关", "发文机关", "发文单位",
              "办理机关", "承办机关", "承办单位", "复议机关", "执法机关", "责任单位"),
}  # fmt: skip
EVENT = {
    "event": (HEADINGS["event"], "event", "事件", "事项名称", "事件名称"),
    "date": (HEADINGS["date"], "date", "发生日期", "办理日期", "时间", "发生时间", "办理时间"),
    "sequence": (HEADINGS["sequence"], "sequence", "顺序"),
}
PERSON = {
    "role": (HEADINGS["role"], "role", "身份"),
    "person": (HEADINGS["person"], "person", "人员", "人员姓名", "名称", "name"),
}
# columns for people's eyes, which nothing is read from
REMARKS = ("备注", "remarks", "序号", "附注", "说明", "remark", "note", "notes", "no", "no.", "#")
# names of sheets and files that hold one of the three tables
TABLES = {
    "records": ("案卷", "records", "案卷表"),
    "events": ("事项", "events", "事件", "事项表", "事件表"),
    "participants": ("人员", "participants", "参与人员", "人员表"),
}
DOT = "·"
_DOTS = re.compile(r"[·・•‧∙⋅/:-]")
_DAY_OF = re.compile(r"(日期|时间|之日|日)$")
_NUMBERED = re.compile(r"(.+?)(?:\((\d{1,2})\)|(\d{1,2}))")


class Column(NamedTuple):
    """What a column holds: ``part`` is one of ours, ``attribute``, ``event``, ``role``, ``remark`` or ``""``.

    ``of`` is the event or role whose ``name`` (an attribute or ``sequence``) it holds; ``number`` tells several apart.
    """

    part: str
    name: str = ""
    of: str = ""
    number: int = 1


@cache
def key(text: str) -> str:
    """A heading as it is compared."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().replace("\u200b", "").replace("\ufeff", "")


def words_of(names: Iterable[str], words: Mapping[str, Word]) -> dict[str, str]:
    """From every way to write a word, as it is compared, to the word; an id beats a label, a label a synonym."""
    found: dict[str, str] = {}
    names = list(names)
    for way in (lambda n, w: (n,), lambda n, w: (w.zh, w.en), lambda n, w: w.synonyms):
        for name in names:
            for text in way(name, words[name]):
                found.setdefault(key(text), name)
    return found


def own(table: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """From every way to write one of our headings, as it is compared, to its name."""
    return {key(text): name for name, texts in table.items() for text in texts}


_REMARKS = frozenset(map(key, REMARKS))


def is_remark(heading: str) -> bool:
    """Whether a column is for people's eyes: its heading is one of REMARKS, or begins with 备注."""
    return key(heading) in _REMARKS or key(heading).startswith("备注")


class Headings:
    """What headings can mean in a table of records of one type."""

    def __init__(self, vocabulary: Vocabulary, type_: str) -> None:
        self.vocabulary = vocabulary
        record = vocabulary.record_types[type_]
        self.known: dict[str, Column] = {}
        for part, names, words in (
            ("attribute", record.attributes, vocabulary.attributes),
            ("event", record.events, vocabulary.events),
            ("role", record.roles, vocabulary.roles),
        ):
            for text, name in words_of(names, words).items():  # type: ignore[arg-type]
                self.known.setdefault(text, Column(part, name))
        for text, name in own(OWN).items():
            self.known.setdefault(text, Column(name))

    def column(self, heading: str) -> Column | None:
        """What a heading means; None where it means nothing here."""
        return self._plain(heading) or self._behind_dot(heading) or (Column("remark") if is_remark(heading) else None)

    def _plain(self, heading: str) -> Column | None:
        text = key(heading)
        if found := self.known.get(text):
            return found
        match = _NUMBERED.fullmatch(text)
        base = self._day_of(match[1] if match else text)
        return base._replace(number=int(match[2] or match[3])) if base and match else base

    def _day_of(self, text: str) -> Column | None:
        """公布日期 is the day of 公布."""
        for plain in (text, _DAY_OF.sub("", text)):
            if (found := self.known.get(plain)) and found.part in ("event", "role"):
                return found if plain == text or found.part == "event" else None
        return None

    def _behind_dot(self, heading: str) -> Column | None:
        for dot in _DOTS.finditer(heading):
            whole = self._plain(heading[: dot.start()])
            if whole and whole.part in ("event", "role"):
                behind = key(heading[dot.end() :])
                words = self.vocabulary
                owner = words.events[whole.name] if whole.part == "event" else words.roles[whole.name]
                known = words_of(owner.attributes, words.attributes)
                if whole.part == "event":
                    known |= {key(text): "sequence" for text in EVENT["sequence"]}
                if behind in known:
                    return Column(whole.part, known[behind], whole.name, whole.number)
        return None

    def texts(self) -> Iterator[str]:
        """What a heading could have been, in Chinese and as ids."""
        record_words = self.vocabulary
        for column in self.known.values():
            if column.part in OWN:
                yield OWN[column.part][0]
                continue
            yield column.name
            owner: Word = (
                record_words.attributes[column.name]
                if column.part == "attribute"
                else record_words.events[column.name]
                if column.part == "event"
                else record_words.roles[column.name]
            )
            yield owner.zh
            for name in getattr(owner, "attributes", ()):
                yield f"{owner.zh}{DOT}{record_words.attributes[name].zh}"


def type_named(name: str, vocabulary: Vocabulary) -> str | None:
    """The record type that the name of a sheet or file tells: 规范性文件, ``2012年规范性文件``, ``表-规范性文件``."""
    known = words_of(vocabulary.record_types, vocabulary.record_types)
    if whole := known.get(key(name)):
        return whole
    parts = re.split(r"[\s\d年度._()（）\[\]【】—–-]+", unicodedata.normalize("NFKC", name))
    found = {known[key(part)] for part in parts if key(part) in known}
    return found.pop() if len(found) == 1 else None


def table_named(name: str) -> str | None:
    """Which of the three tables a sheet or a file of that name is."""
    return own(TABLES).get(key(name))
