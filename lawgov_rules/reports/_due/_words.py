"""What a duty says, in the words of one language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lawgov_rules.explain import SEVERITIES
from lawgov_rules.kinds._wording import Words, days_en
from lawgov_rules.outstanding import CERTAINTIES, STATUSES
from lawgov_rules.reports._plain import line
from lawgov_rules.reports._words import FindingWords
from lawgov_rules.verdict import DETAILS, Verdict

if TYPE_CHECKING:
    from lawgov_rules.duties import DueList, Duty
    from lawgov_rules.ruleset import Rulesets

# why duties are not on the list, and how to see them
LEFT_OUT = {
    "later": ("项到期更晚", "due later"),
    "open": ("项没有定下日期（用 --open 列出）", "without a day (listed by --open)"),
    "lapsed": (
        "项期间已过，现在办理也不计入（用 --lapsed 列出）",
        "whose period is over, so that nothing done now would count (listed by --lapsed)",
    ),
    "unknown": (
        "项缺少信息，不能判断是否已办（见 lawgov check --show undetermined）",
        "for which a fact is missing that would tell (see lawgov check --show undetermined)",
    ),
}


class DutyWords(Words):
    """The fields of duties in one language (``zh`` or ``en``)."""

    def __init__(self, rules: Rulesets, lang: str) -> None:
        super().__init__(rules.vocabulary, lang)
        self._of_findings = FindingWords(rules, lang)

    def instance(self, duty: Duty) -> str:
        """The period, or to whom, on one line."""
        return line(self._of_findings.instance({"rule": duty.rule, "instance": duty.instance}))

    def status(self, duty: Duty) -> str:
        return self.t(*STATUSES[duty.status])

    def severity(self, duty: Duty) -> str:
        zh, en = SEVERITIES[duty.severity]
        return self.t(zh, en.split()[-1])

    def record_type(self, duty: Duty) -> str:
        return self.vocabulary.record_types[duty.type].label(self.lang)

    def certainty(self, duty: Duty) -> str:
        return self.t(*CERTAINTIES[duty.certainty]) if duty.certainty else ""

    def when(self, duty: Duty) -> str:
        """``2012-03-16``, or ``2012-03-16 – 2012-03-19`` where nobody can tell which; why where there is no day."""
        if duty.due is None:
            return self.t(*DETAILS[duty.detail])
        if duty.latest == duty.due:
            return f"{duty.due}"
        return f"{duty.due} – {duty.latest or '?'}"

    def left(self, duty: Duty) -> str:
        """``in 6 days (4 working days)``, ``5 days overdue``, ``perhaps 1 day overdue``; empty without a day."""
        if duty.days_left is None:
            return ""
        if duty.days_left < 0:
            return self._overdue(duty)
        if duty.days_left == 0:
            return self.t("当天到期", "due on this day")
        working = duty.working_days_left
        said = self.t(f"还有{duty.days_left}天", f"in {days_en(duty.days_left)}")
        if working is None:
            return said
        return said + self.t(f"（{working}个工作日）", f" ({working} working day{'' if working == 1 else 's'})")

    def _overdue(self, duty: Duty) -> str:
        if duty.status == "lapsed":
            return self.status(duty)
        most = -(duty.days_left or 0)
        if duty.status == "perhaps_overdue":
            return self.t(f"可能已逾期{most}天", f"perhaps {days_en(most)} overdue")
        latest = duty.latest or duty.due
        least = most - (latest - duty.due).days if latest and duty.due else most
        if least == most:
            return self.t(f"已逾期{most}天", f"{days_en(most)} overdue")
        return self.t(f"已逾期{least}至{most}天", f"{least} to {most} days overdue")

    def readings(self, duty: Duty) -> str:
        """Each reading with its days, or with what it says where it sets none."""
        said = []
        for name, told in duty.readings.items():
            day = " – ".join(dict.fromkeys(told[key] for key in ("due", "latest") if key in told))
            said.append(
                f"{self.reading(name)}{self.t('：', ': ')}{day or getattr(Verdict[told['verdict']], self.lang)}"
            )
        return self.t("；", "; ").join(said)

    def doubt(self, duty: Duty) -> str:
        """Why the day is not certain; empty where it is."""
        if duty.certainty in ("certain", ""):
            return ""
        parts = (self.certainty(duty), self.readings(duty))
        return self.t("。", ". ").join(part for part in parts if part)

    def left_out(self, found: DueList) -> Iterator[str]:
        """What is not on the list."""
        for reason, labels in LEFT_OUT.items():
            if number := found.summary["left_out"][reason]:
                yield self.t(f"{number}{labels[0]}", f"{number} {labels[1]}")
