"""The verdicts, the words that say how a verdict came about, and the assessment that every executor returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Verdict(IntEnum):
    """What a rule says of a record. The numbers are stable: columns and files carry them."""

    not_applicable = 0
    compliant = 1
    violated = 2
    pending = 3
    arguable = 4
    undetermined = 5
    excused = 6

    @property
    def zh(self) -> str:
        return VERDICT_LABELS[self][0]

    @property
    def en(self) -> str:
        return VERDICT_LABELS[self][1]


VERDICT_LABELS = {
    Verdict.not_applicable: ("不适用", "not applicable"),
    Verdict.compliant: ("合规", "compliant"),
    Verdict.violated: ("违反", "violated"),
    Verdict.pending: ("未到期", "pending"),
    Verdict.arguable: ("存疑（读法不同）", "arguable"),
    Verdict.undetermined: ("待查", "undetermined"),
    Verdict.excused: ("说明理由", "excused"),
}

# One closed list. The position is the number that columns carry, so new words go to the end.
DETAILS: dict[str, tuple[str, str]] = {
    "": ("", ""),
    "condition_false": ("不符合适用条件", "the condition is false"),
    "out_of_force": ("不在施行期间", "out of force"),
    "outside_jurisdiction": ("不在适用地域", "outside the jurisdiction"),
    "not_triggered": ("尚未触发", "not triggered"),
    "no_period": ("没有应考核的期间", "no period to judge"),
    "part_period": ("不足一个完整期间", "part period"),
    "on_time": ("按期完成", "on time"),
    "late": ("逾期", "late"),
    "missing": ("未办", "missing"),
    "early": ("早于规定时间", "early"),
    "short": ("不足", "short"),
    "enough": ("达到要求", "enough"),
    "over": ("超过上限", "over the limit"),
    "in_order": ("顺序正确", "in order"),
    "missing_before": ("事前没有办理", "missing before"),
    "wrong_order": ("先后顺序有误", "wrong order"),
    "not_passed": ("最近一次结果不合格", "the latest result does not pass"),
    "expired": ("已过有效期", "expired"),
    "open": ("尚待办理", "open"),
    "not_due": ("期限未到", "not due yet"),
    "happened": ("发生了禁止的事项", "a forbidden act happened"),
    "never_happened": ("没有发生", "never happened"),
    "excepted": ("符合允许的条件", "excepted"),
    "unqualified": ("人员不具备资格", "unqualified person"),
    "equal": ("数据相符", "the figures agree"),
    "unequal": ("数据不符", "the figures disagree"),
    "fact_missing": ("缺少必要信息", "a deciding fact is missing"),
    "trigger_missing": ("有办理结果而无起算事件", "done, but its trigger is not on record"),
    "calendar_unpublished": ("当年放假安排尚未公布", "the calendar of the year is not published"),
    "people_unrecorded": ("没有登记人员", "nobody is on record"),
    "readings_differ": ("不同读法结论不同", "the readings disagree"),
    "qualified": ("人员具备资格", "qualified"),
    "unforeseen": ("未能判断", "could not be judged"),
    "not_concerned": ("该项不适用", "this check is not concerned"),
    "complete": ("要素齐全", "complete"),
    "incomplete": ("要素不全", "incomplete"),
    "separate": ("人员分离", "different people"),
    "same_person": ("同一人兼任", "the same person did both"),
    "sound": ("所引对象符合要求", "what it refers to is in order"),
    "unsound": ("所引对象不符合要求", "what it refers to is not in order"),
    "record_missing": ("所引案卷未提供", "the record it refers to is not at hand"),
    "suspended": ("期限中止", "the clock is stopped"),
    "no_population": ("没有应统计的对象", "nobody to count"),
    "engine_failed": ("规则引擎出错，未能判断", "the rules engine failed on this record"),
}
DETAIL_NUMBER = {word: number for number, word in enumerate(DETAILS)}
DETAIL_WORD = tuple(DETAILS)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one rule says of one record in one instance.

    ``measures`` are the integers that decided it (days count from 1970-01-01), under the names that the rule's kind
    declares; ``readings`` holds each reading's verdict where the rule declares readings; ``missing`` names the facts
    that would decide an undetermined verdict. Two executors agree when their assessments are equal.
    """

    rule: str
    type: str
    record: str
    instance: str
    verdict: Verdict
    detail: str
    missing: tuple[str, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, int | None] = field(default_factory=dict)

    def key(self) -> tuple[str, str, str, str]:
        """Orders assessments the same way everywhere: by record type, record, rule, instance."""
        return (self.type, self.record, self.rule, self.instance)
