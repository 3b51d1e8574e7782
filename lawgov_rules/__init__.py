"""Procedural rules of Chinese government documents, checked against dated case files.

>>> import lawgov_rules as lr
>>> rules = lr.load_rulesets()
>>> report = lr.check("cases/", rules, as_of="2013-12-31")
>>> report.summary["rejected"]
0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lawgov_rules.checking import check
    from lawgov_rules.duties import DueList, Duty, due
    from lawgov_rules.errors import ExecutorError, InputError, MappingError, Place, Problem, RulesetError
    from lawgov_rules.importers._reading import Limits
    from lawgov_rules.loading import load_rulesets
    from lawgov_rules.mapping import Mapping
    from lawgov_rules.monitor import Change, Monitor
    from lawgov_rules.one_record import RecordReport, check_record
    from lawgov_rules.records import Record
    from lawgov_rules.report import Report
    from lawgov_rules.rule import Rule
    from lawgov_rules.ruleset import Rulesets
    from lawgov_rules.verdict import Assessment, Verdict

__all__ = [
    "Assessment",
    "Change",
    "DueList",
    "Duty",
    "ExecutorError",
    "InputError",
    "Limits",
    "Mapping",
    "MappingError",
    "Monitor",
    "Place",
    "Problem",
    "Record",
    "RecordReport",
    "Report",
    "Rule",
    "RulesetError",
    "Rulesets",
    "Verdict",
    "check",
    "check_record",
    "due",
    "load_rulesets",
]
_WHERE = {
    "checking": ("check",),
    "report": ("Report",),
    "duties": ("DueList", "Duty", "due"),
    "errors": ("ExecutorError", "InputError", "MappingError", "Place", "Problem", "RulesetError"),
    "importers._reading": ("Limits",),
    "records": ("Record",),
    "monitor": ("Change", "Monitor"),
    "one_record": ("RecordReport", "check_record"),
    "loading": ("load_rulesets",),
    "mapping": ("Mapping",),
    "ruleset": ("Rule", "Rulesets"),
    "verdict": ("Assessment", "Verdict"),
}


def __getattr__(name: str) -> Any:
    """Names are imported when first used, so that `lawgov --help` stays instant."""
    import importlib

    for module, names in _WHERE.items():
        if name in names:
            found = globals()[name] = getattr(importlib.import_module(f"lawgov_rules.{module}"), name)
            return found
    raise AttributeError(f"module `lawgov_rules` has no `{name}`")
