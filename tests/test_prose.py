"""How rules sound: conditions, occurrences, people and every kind of constraint, in Chinese and English."""

from __future__ import annotations

import re

import pytest

from lawgov_rules.explain import rows
from lawgov_rules.kinds import discover
from lawgov_rules.kinds._contract import Constraint
from lawgov_rules.kinds._prose import Prose
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.step import Context, parse
from lawgov_rules.validation import read_as
from lawgov_rules.vocabulary import Vocabulary
from lawgov_rules.yaml_file import Document, parse_documents

WORDS = """\
record_types:
  case:
    zh: 案件
    en: case
    attributes: [grade, secret, number, due, name, topics, joined, left]
    events: [opened, closed, reviewed, stopped, resumed]
    roles: [handler, clerk]
  officer: {zh: 人员, en: officer, attributes: [in_post], events: [trained]}
events:
  opened: {zh: 立案, en: opened, attributes: [basis]}
  closed: {zh: 结案, en: closed}
  reviewed: {zh: 审查, en: reviewed, attributes: [result, by, hours, topics, year, valid]}
  stopped: {zh: 中止, en: stopped}
  resumed: {zh: 恢复, en: resumed}
  trained: {zh: 培训, en: trained}
attributes:
  grade: {zh: 级别, en: grade, type: choice, values: &g {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}, c: {zh: 丙, en: C}}}
  topics: {zh: 内容, en: topics, type: choices, values: {law: {zh: 法律, en: law}, tax: {zh: 税收, en: tax}}}
  secret: {zh: 依法保密, en: secret by law, type: boolean}
  in_post: {zh: 在岗, en: in post, type: boolean}
  number: {zh: 件数, en: number, type: integer, unit: case}
  hours: {zh: 学时, en: hours, type: number, unit: hour}
  year: {zh: 年度, en: year, type: integer}
  due: {zh: 到期日, en: due day, type: date}
  joined: {zh: 任职起始, en: joined, type: date}
  left: {zh: 任职截止, en: left, type: date}
  valid: {zh: 有效期至, en: valid to, type: date}
  name: {zh: 名称, en: name, type: text}
  basis: {zh: 依据, en: basis, type: text}
  result: {zh: 结论, en: result, type: choice, values: {good: {zh: 合格, en: good}, bad: {zh: 不合格, en: bad}}}
  by: {zh: 审查机构, en: reviewer, type: choice, values: {own: {zh: 本级, en: own}, other: {zh: 其他, en: other}}}
roles:
  handler: {zh: 承办人, en: handler, attributes: [secret, joined, left]}
  clerk: {zh: 书记员, en: clerk}
units: {case: {zh: 件, en: cases}, hour: {zh: 学时, en: class hours}}
""".replace("&g ", "")


def read(text: str) -> Document:
    found = next(parse_documents(text, "here.yaml"))
    assert isinstance(found, Document), found
    return found


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    found = read_as(Vocabulary, read(WORDS))
    assert isinstance(found, Vocabulary), found
    return found


CONDITIONS = {
    "{grade: a}": ("级别为甲", "grade is A"),
    "{grade: [a, b]}": ("级别为甲或乙", "grade is A or B"),
    "{grade: [a, b, c]}": ("级别为甲、乙或丙", "grade is A, B or C"),
    "{grade: {not: a}}": ("级别不为甲", "grade is not A"),
    "{grade: {not: [a, b]}}": ("级别不为甲、乙", "grade is not A or B"),
    "{secret: true}": ("符合“依法保密”", "“secret by law” holds"),
    "{secret: false}": ("不符合“依法保密”", "“secret by law” does not hold"),
    "{secret: {not: true}}": ("不符合“依法保密”", "“secret by law” does not hold"),
    "{due: {known: true}}": ("有“到期日”的记录", "“due day” is on record"),
    "{due: {known: false}}": ("没有“到期日”的记录", "“due day” is not on record"),
    "{number: {gte: 3}}": ("件数不少于3件", "number is at least 3 cases"),
    "{number: {gt: 3, lte: 9}}": (
        "件数多于3件，且件数不超过9件",
        "number is more than 3 cases and number is at most 9 cases",
    ),
    "{due: {lt: 2012-03-01}}": ("到期日早于2012-03-01", "due day is before 2012-03-01"),
    "{due: {gte: 2012-03-01}}": ("到期日不早于2012-03-01", "due day is on or after 2012-03-01"),
    "{name: 某市}": ("名称为“某市”", "name is “某市”"),
    "{topics: [law, tax]}": ("内容包括法律或税收", "topics includes law or tax"),
    "{grade: a, secret: false}": ("级别为甲，且不符合“依法保密”", "grade is A and “secret by law” does not hold"),
    "{any: [{grade: a, secret: true}, {grade: b}]}": (
        "（级别为甲，且符合“依法保密”），或者级别为乙",
        "(grade is A and “secret by law” holds) or grade is B",
    ),
    "{none: [{grade: a}, {happened: closed}]}": (
        "以下情形都不存在（级别为甲；已有“结案”）",
        "none of this holds (grade is A; there has been “closed”)",
    ),
    "{none: [{happened: closed}]}": ("并非（已有“结案”）", "it is not so that there has been “closed”"),
    "{happened: {event: reviewed, where: {result: good}}}": (
        "已有“审查”（结论为合格）",
        "there has been “reviewed” (result is good)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("condition", CONDITIONS)
def test_condition(condition: str, words: Vocabulary) -> None:
    bound = parse(read(condition).value, Context(words, "case"))
    assert (Prose(words, "zh").condition(bound), Prose(words, "en").condition(bound)) == CONDITIONS[condition]


SENTENCES = {
    "{kind: deadline, after: opened, do: {event: reviewed, where: {by: own}}, within: 15 days}": (
        "自“立案”之日起15日内，应完成“审查”（审查机构为本级）",
        "“reviewed” (reviewer is own) must follow within 15 days of “opened”",
    ),
    "{kind: deadline, after: {event: opened, pick: each}, do: closed, within: 5 working days, "
    "start_day_counts: true}": (
        "自每一次“立案”之日起5个工作日内，应完成“结案”；起算当日计入",
        "“closed” must follow within 5 working days of each “opened”; the first day counts",
    ),
    "{kind: deadline, after: opened, do: closed, within: 2 months, roll: true, "
    "extended: {by: 30 days, when: reviewed}, suspended: {from: stopped, to: resumed}}": (
        "自“立案”之日起2个月内，应完成“结案”；从“中止”到“恢复”的期间不计；届满前有“审查”的，延长30日；"
        "末日遇休息日的，顺延到下一工作日",
        "“closed” must follow within 2 months of “opened”; the time from “stopped” to “resumed” does not count; "
        "“reviewed” by then adds 30 days; a last day on a rest day moves to the next working day",
    ),
    "{kind: deadline, do: closed, by: {attribute: due}}": (
        "不迟于“到期日”所载日期，应完成“结案”",
        "“closed” must follow by the date of “due day”",
    ),
    "{kind: deadline, after: opened, do: closed}": (
        "“立案”之后，应完成“结案”，没有规定期限",
        "“closed” must follow after “opened”; no time limit is written",
    ),
    "{kind: minimum_gap, from: opened, to: {event: closed, otherwise: stopped}, at_least: 30 days}": (
        "从“立案”到“结案”（没有记录的，看“中止”），至少应满30日",
        "from “opened” to “closed” (where it is not on record: “stopped”) at least 30 days must pass",
    ),
    "{kind: precedence, before: closed, require: {all_of: [opened, reviewed, stopped]}}": (
        "在“结案”之前，应先有“立案”、“审查”和“中止”",
        "before “closed” there must have been “opened”, “reviewed” and “stopped”",
    ),
    "{kind: precedence, before: closed, require: {event: reviewed, among: {by: own}, where: {result: good}, "
    "pick: latest}}": (
        "在“结案”之前，最近一次“审查”（审查机构为本级）须结论为合格",
        "before “closed”, the latest “reviewed” (reviewer is own) must be one whose result is good",
    ),
    "{kind: precedence, before: {event: closed, pick: each}, require: reviewed, valid_to: valid}": (
        "在每一次“结案”之前，应先有“审查”；当日未过“有效期至”",
        "before each “closed” there must have been “reviewed”; not past “valid to” on that day",
    ),
    "{kind: count, people: {role: handler, where: {secret: false}}, at: closed, at_least: 2, at_most: 3}": (
        "到“结案”时，承办人（不符合“依法保密”）应不少于2人、不多于3人；同一人只计一次",
        "by “closed”, handler (“secret by law” does not hold): at least 2 of them, at most 3 of them; "
        "one person counts once",
    ),
    "{kind: count, events: {any_of: [opened, stopped]}, at_most: 1}": (
        "“立案”或“中止”应不多于1次",
        "“opened” or “stopped”: at most 1 time",
    ),
    "{kind: quota, per: quarter, of: reviewed, at_least: 2}": (
        "每季度“审查”应不少于2次",
        "every quarter “reviewed”, at least 2 times",
    ),
    "{kind: quota, per: year, of: reviewed, sum: hours, at_least: 39.5, service: {from: joined, to: left}}": (
        "每年“审查”的学时合计应不少于39.5学时；只计“任职起始”至“任职截止”期间",
        "every year the hours of “reviewed” add up to at least 39.5 class hours; only within “joined” to “left”",
    ),
    "{kind: quota, per: half, of: reviewed, distinct_days: true, at_least: 3}": (
        "每半年“审查”应不少于3天",
        "every half year “reviewed”, at least on 3 days",
    ),
    "{kind: recurrence, of: reviewed, every: 2 years}": (
        "“审查”应反复进行，两次相隔不超过2年",
        "“reviewed” again and again, never more than 2 years apart",
    ),
    "{kind: recurrence, of: reviewed, every: 2 years, blocks: true}": (
        "以日历年每2年为一段，每段应有“审查”",
        "in every block of 2 years, “reviewed”",
    ),
    "{kind: fixed_date, do: reviewed, by: 2013-06-30, inclusive: false, replaced_by: due}": (
        "2013年6月30日前（不含当日），应完成“审查”；记有“到期日”的，以该日为准",
        "“reviewed” by 2013-06-30 (that day excluded); where “due day” is on record, that day decides",
    ),
    "{kind: fixed_date, do: reviewed, not_before: 01-01, by: 03-31, report_year: {attribute: year, offset: -1}, "
    "recipients: {attribute: by, each: [own, other]}, roll: true}": (
        "每年1月1日至3月31日（含当日），应完成“审查”；分别向本级和其他；所报告的是上一年度；末日遇休息日的，顺延到下一工作日",
        "“reviewed” between 01-01 and 03-31 every year (that day included); one to each: own and other; "
        "about the year before; a last day on a rest day moves to the next working day",
    ),
    "{kind: forbidden, what: {any_of: [opened, closed]}, after: stopped, unless: {grade: a}}": (
        "“中止”之后，不得有“立案”或“结案”，但以下情形除外：级别为甲",
        "after “stopped”, “opened” or “closed” must not happen, unless grade is A",
    ),
    "{kind: forbidden, what: opened, by_other_than: {role: handler, valid: {from: joined, to: left}}}": (
        "“立案”只能由承办人（当日在“任职起始”至“任职截止”的期间之内）进行",
        "“opened” only by handler (on that day within “joined” to “left”)",
    ),
    "{kind: forbidden, state: {secret: true, grade: b}}": (
        "不得有此情形：符合“依法保密”，且级别为乙",
        "it must not be that “secret by law” holds and grade is B",
    ),
    "{kind: composition, of: {event: reviewed, pick: each}, elements: {topics: [law, tax]}}": (
        "每一次“审查”的内容应包括法律和税收",
        "topics of each “reviewed” must cover law and tax",
    ),
    "{kind: composition, steps: [opened, closed], by: 2013-12-31}": (
        "2013年12月31日前，应有“立案”和“结案”",
        "by 2013-12-31, there must be “opened” and “closed”",
    ),
    "{kind: composition, roles: [handler, clerk], at: closed}": (
        "到“结案”时，应有承办人和书记员",
        "by “closed”, there must be handler and clerk",
    ),
    "{kind: separation, first: handler, second: clerk, at: closed}": (
        "到“结案”时，承办人和书记员不得是同一人",
        "by “closed”, nobody is both handler and clerk",
    ),
    "{kind: reference, of: opened, refers_by: basis, to: officer, meets: {in_post: true}}": (
        "“立案”的“依据”所指的人员，当日应当符合“在岗”",
        "the officer that “basis” of “opened” names must satisfy on that day: “in post” holds",
    ),
    "{kind: coverage, population: {record: officer, where: {in_post: true}}, same: organ, done: trained, per: year, "
    "at_least: 100}": (
        "本机关的人员（符合“在岗”）中，每年应有不少于100%完成“培训”",
        "every year at least 100% of the records of officer of the organ (“in post” holds) have “trained”",
    ),
    "{kind: identity, checks: [{left: [number], is: at_most, right: [number, '-1']}], tolerance: 0.5}": (
        "件数 ≤ 件数－1；允许相差0.5",
        "number ≤ number - 1; 0.5 apart at most",
    ),
}


@pytest.mark.parametrize("constraint", SENTENCES)
def test_sentence(constraint: str, words: Vocabulary) -> None:
    value = read(constraint).value
    bound = discover()[value["kind"]].model_validate(value, context=Context(words, "case"))
    assert (bound.describe(Prose(words, "zh")), bound.describe(Prose(words, "en"))) == SENTENCES[constraint]


def test_every_kind_has_a_sentence_of_its_own() -> None:
    assert {kind for kind, model in discover().items() if model.describe is Constraint.describe} == set()
    assert {read(text).value["kind"] for text in SENTENCES} == set(discover())


def test_a_kind_without_a_sentence_lists_its_parameters(words: Vocabulary) -> None:
    value = read("{kind: deadline, after: opened, do: closed, within: 15 days}").value
    bound = discover()["deadline"].model_validate(value, context=Context(words, "case"))
    assert Constraint.describe(bound, Prose(words, "zh")) == "after: “立案”；do: “结案”；within: 15日"


def test_every_bundled_rule_is_told_in_words(rules: Rulesets) -> None:
    """No name of a program and no bracket of a data structure in any line."""
    code = re.compile(r"[{}\[\]_]|None|True|False")
    for rule in rules.at("full"):
        for lang in ("zh", "en"):
            told = dict(rows(rule, rules, lang))
            checked = {told.get(label, "") for label in ("条件", "除外", "判定", "when", "unless", "test")}
            assert [text for text in checked if code.search(text)] == [], rule.key
            assert not (lang == "zh" and re.search("[a-z]{4}", told["判定"])), rule.key
