"""Findings as the rows of a table: which columns there are, what they are called, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from lawgov_rules.reports._words import FindingWords

if TYPE_CHECKING:
    from lawgov_rules.findings import Finding


class Column(NamedTuple):
    """A column: its name for programs, its headings, and its value for a finding."""

    name: str
    zh: str
    en: str
    value: Callable[[FindingWords, Finding], str]


def _plain(key: str) -> Callable[[FindingWords, Finding], str]:
    return lambda _words, found: str(found.get(key, ""))


def _citation(key: str) -> Callable[[FindingWords, Finding], str]:
    return lambda _words, found: str(found["citation"][key])


def _source(key: str) -> Callable[[FindingWords, Finding], str]:
    return lambda _words, found: str(found.get("source", {}).get(key) or "")


def _figure(key: str) -> Callable[[FindingWords, Finding], str]:
    return lambda words, found: words.figure(found, key)


COLUMNS = (
    Column("record", "案卷", "record", _plain("record")),
    Column("type", "案卷类型", "type", FindingWords.record_type),
    Column("organ", "机关", "organ", _plain("organ")),
    Column("title", "规则", "rule", FindingWords.title),
    Column("instance", "期间或项", "instance", FindingWords.instance),
    Column("verdict", "结论", "verdict", FindingWords.verdict),
    Column("detail", "情形", "detail", FindingWords.detail),
    Column("severity", "违反程度", "severity", FindingWords.severity),
    Column("due", "应办日期", "due", _plain("due")),
    Column("actual", "实办日期", "done", _plain("actual")),
    Column("required", "要求", "required", _figure("required")),
    Column("measured", "实际", "found", _figure("measured")),
    Column("over_by", "相差", "off by", _figure("over_by")),
    Column("message", "说明", "explanation", lambda words, found: str(found["message"][words.lang])),
    Column("evidence", "所据事项", "evidence", FindingWords.evidence),
    Column("missing", "待查事实", "to be found out", FindingWords.missing),
    Column("readings", "各种读法", "by reading", FindingWords.readings),
    Column("document", "文件", "document", lambda words, found: words.document(found["citation"]["document"])),
    Column("clause", "条款", "clause", _citation("clause")),
    Column("locator", "原文", "locator", _citation("locator")),
    Column("rule", "规则编号", "rule id", _plain("rule")),
    Column("file", "案卷文件", "file", _source("file")),
    Column("line", "行", "line", _source("line")),
    Column("fingerprint", "指纹", "fingerprint", _plain("fingerprint")),
)
