"""The first sheet of the work-paper: what was asked, what came out, per document and as a chart, and who signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lawgov_rules.explain import LEVELS, SEVERITIES
from lawgov_rules.report import Report
from lawgov_rules.reports._receipt import left_out
from lawgov_rules.reports._xlsx_sheet import ASIDE, CELL, DARK, HEAD, LINE, NUMBER, PALE, Book, Column, Look, Value
from lawgov_rules.ruleset import Rulesets
from lawgov_rules.verdict import Verdict

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.worksheet import Worksheet

# what a reader looks at first stands first; each with the colours of its cell and of its bar
VERDICTS = (
    Verdict.violated,
    Verdict.arguable,
    Verdict.undetermined,
    Verdict.excused,
    Verdict.pending,
    Verdict.compliant,
    Verdict.not_applicable,
)
COLOURS = {
    Verdict.violated: ("FFC7CE", "9C0006", "C00000"),
    Verdict.arguable: ("E4DFEC", "5F497A", "7F5FA8"),
    Verdict.undetermined: ("FFEB9C", "7F6000", "E0A800"),
    Verdict.excused: ("FCE4D6", "843C0C", "C98A5E"),
    Verdict.pending: ("DDEBF7", "1F4E78", "5B9BD5"),
    Verdict.compliant: ("C6EFCE", "006100", "548235"),
    Verdict.not_applicable: ("EDEDED", "595959", "BFBFBF"),
}
MEANINGS = {
    Verdict.violated: (
        "办理逾期、办理不当，或者应办未办且期限已过",
        "late, wrong, or not done and its time has passed",
    ),
    Verdict.arguable: (
        "条文读法不同，结论不同，由核查人判断",
        "its readings disagree; a person decides",
    ),
    Verdict.undetermined: ("缺少决定结论的信息，补上后再核查", "a fact that would decide is missing"),
    Verdict.excused: (
        "“一般”应当的事项没有做到，案卷记有理由",
        "a duty “as a rule”, the reason on record",
    ),
    Verdict.pending: ("尚未办理，期限未到或者没有期限", "not done, and its time has not passed (or there is none)"),
    Verdict.compliant: ("按要求办理", "done as required"),
    Verdict.not_applicable: (
        "条件不符、不在施行期间或不在适用地域，只计数",
        "out of condition, force or place; only counted",
    ),
}
STATUSES = (("未整改", "open"), ("整改中", "under way"), ("已整改", "rectified"), ("无需整改", "no need"))
DONE = 2  # the one of them that is good
WIDTHS = (34, 17, 9, 9, 10, 12, 9, 9, 10, 10)
TITLE = ("程序合规检查底稿", "Procedural compliance work-paper")
LABEL = {**CELL, "bg_color": PALE}
ASIDE_TEXT = {"align": "left", "valign": "top", "indent": 1}
MOST_ORGANS = 10
Content = tuple[str, str, int]  # a sheet, what stands on it, how many rows
Range = tuple[str, int, int, int, int]  # a sheet; first row and column, last row and column
GRAVE = tuple((name, (zh, name)) for name, (zh, _en) in SEVERITIES.items())


def verdict_look(verdict: Verdict) -> dict[str, Any]:
    """The colours of a verdict's cell, the same wherever it stands."""
    fill, ink, _bar = COLOURS[verdict]
    return {"bg_color": fill, "font_color": ink}


def counts_of(verdicts: Sequence[Verdict], width: float, group: str = DARK) -> list[Column]:
    """A column for the count of each verdict."""
    return [Column(v.zh, v.en, width, NUMBER, group) for v in verdicts]


class Summary:
    """The sheet, written from the top down; ``row`` is the next free one. It fits on one page."""

    def __init__(self, book: Book, name: str, report: Report, rules: Rulesets) -> None:
        self.book, self.report, self.rules, self.name = book, report, rules, name
        self.sheet: Worksheet = book.sheet(name, WIDTHS)
        self.sheet.fit_to_pages(1, 1)
        self.row = 0

    def write(self, contents: Sequence[Content], statuses: Mapping[str, str], worst: tuple[str, int]) -> None:
        """Write all of it.

        Args:
            contents: the other sheets, that of the findings first.
            statuses: the formula that counts each state of rectification; the last one those not filled in.
            worst: the sheet of the organs, and how many of its first rows have violations.
        """
        self._put(0, self.book.t(*TITLE), {"bold": True, "font_size": 18, "font_color": DARK})
        self.sheet.set_row(0, 30)
        self.row += 1
        for label, value in self._asked():
            self._put(0, label, LABEL)
            self._put(1, value, ASIDE_TEXT)
            self.row += 1
        self.row += 1
        self._verdicts()
        self.row += 1
        first = self._documents()
        self._by_document(first, self.row - 1)
        self._by_organ(first - 1, *worst)
        self.row += 1
        self._statuses(statuses, len(self.report.findings))
        self._contents(contents)
        self._signatures()

    def _put(self, column: int, value: Value, look: Look, wide: float = 0) -> int:
        return self.book.put(self.sheet, self.row, column, value, look, wide)

    def _heading(self, *labels: str, column: int = 0) -> None:
        for number, label in enumerate(labels, column):
            look = {**HEAD, "bg_color": DARK, "border": 1, "border_color": LINE}
            self.sheet.write_string(self.row, number, label, self.book.format(look))

    def _asked(self) -> Iterator[tuple[str, Value]]:
        t, receipt, summary = self.book.t, self.report.receipt, self.report.summary
        calendar, options = receipt["calendar"], receipt["options"]
        level, count = t(*LEVELS[options["level"]]), f"{len(self.rules.rules):,}"
        read, checked, rejected, assessed = (
            f"{summary[name]:,}" for name in ("read", "checked", "rejected", "assessed")
        )
        shown = t("、", ", ").join(t(v.zh, v.en) for v in VERDICTS if v.name in options["show"])
        version, through = calendar["version"], calendar["published_through"]
        yield t("核查截止日", "as of"), dt.date.fromisoformat(receipt["as_of"])
        yield t("规则", "rules"), t(f"{level}级，共{count}条", f"level {level}, {count} rules")
        counted = (
            f"读入{read}份，已核查{checked}份，未能读取{rejected}份",
            f"{read} read, {checked} checked, {rejected} rejected",
        )
        yield t("案卷", "records"), t(*counted)
        yield t("判定", "verdicts"), t(f"{assessed}项", assessed)
        yield t("逐条列出的结论", "verdicts listed"), shown
        published = (f"{version}版，放假安排公布至{through}年", f"{version}, published through {through}")
        yield t("工作日历", "calendar of working days"), t(*published)
        if rest := left_out(self.report, t("zh", "en")):
            yield t("未列出的结论", "not listed"), rest
        if note := options.get("note"):
            yield t("备注", "note"), note
        yield t("软件", "product"), f"{receipt['product']} {receipt['version']}"

    def _verdicts(self) -> None:
        t, summary = self.book.t, self.report.summary
        self._heading(t("结论", "verdict"), t("项数", "number"), t("含义", "meaning"))
        self.row += 1
        for verdict in VERDICTS:
            self._put(0, t(verdict.zh, verdict.en), {**CELL, **verdict_look(verdict)})
            self._put(1, summary["verdicts"].get(verdict.name, 0), NUMBER)
            said = t(*MEANINGS[verdict])
            if verdict == Verdict.violated:
                counts = [f"{t(*words)} {summary['severities'].get(f'violated:{name}', 0):,}" for name, words in GRAVE]
                said += t(f"（{'，'.join(counts)}）", f" ({', '.join(counts)})")
            self._put(2, said, ASIDE_TEXT)
            self.row += 1

    def _documents(self) -> int:
        """The counts of each document; the first of their rows."""
        t, summary = self.book.t, self.report.summary
        labels = [t(column.zh, column.en) for column in counts_of(VERDICTS, 9)]
        self._heading(t("文件", "document"), t("规则集", "ruleset"), t("版本", "version"), *labels)
        self.sheet.set_row(self.row, 32)
        self.row += 1
        first = self.row
        for ruleset in self.rules.rulesets:
            act, counts = ruleset.document, summary["documents"].get(ruleset.document.id, {})
            self.sheet.set_row(self.row, self.book.height(self._put(0, act.title, CELL, WIDTHS[0])))
            self._put(1, act.id, CELL)
            self._put(2, act.version, CELL)
            for column, verdict in enumerate(VERDICTS, 3):
                self._put(column, counts.get(verdict.name, 0), NUMBER)
            self.row += 1
        return first

    def _by_document(self, first: int, last: int) -> None:
        """How often each verdict, to the right of the figures; what does not apply would hide the rest."""
        title = self.book.t("各文件的结论（不含不适用）", "Verdicts by document (without not applicable)")
        chart = self._chart(title, names=0.2, legend=0.14)
        for column, verdict in enumerate(VERDICTS[:-1], 3):
            self._series(chart, verdict, (self.name, first, 1, last, 1), (self.name, first, column, last, column))
        self._place(chart, title, 1, 330)

    def _by_organ(self, row: int, sheet: str, organs: int) -> None:
        """The organs with the most violations."""
        last = min(organs, MOST_ORGANS)
        if not last:
            return
        title = self.book.t("违反最多的机关", "Organs with the most violations")
        chart = self._chart(title, names=0.36, legend=0)
        self._series(chart, Verdict.violated, (sheet, 1, 0, last, 0), (sheet, 1, 2, last, 2))
        self._place(chart, title, row, 110 + 28 * last)

    def _chart(self, title: str, names: float, legend: float) -> Chart:
        """Bars from the top down, their scale below; names and legend have these shares of the width and the height."""
        chart = self.book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        grid = {"visible": True, "line": {"color": f"#{LINE}", "width": 0.5}}
        chart.set_x_axis({"num_format": "#,##0", "label_position": "high", "major_gridlines": grid})
        chart.set_legend({"position": "bottom"} if legend else {"none": True})
        layout = {"x": names, "y": 0.14, "width": 0.96 - names, "height": 0.76 - legend}
        chart.set_plotarea({"layout": layout})
        return chart

    def _series(self, chart: Chart, verdict: Verdict, names: Range, values: Range) -> None:
        label, colour = self.book.t(verdict.zh, verdict.en), f"#{COLOURS[verdict][2]}"
        series = {"name": label, "categories": [*names], "values": [*values], "fill": {"color": colour}, "gap": 60}
        chart.add_series(series)

    def _place(self, chart: Chart, title: str, row: int, height: int) -> None:
        chart.set_size({"width": 640, "height": height})
        self.sheet.insert_chart(row, len(WIDTHS), chart, {"description": title, "x_offset": 24})

    def _statuses(self, formulas: Mapping[str, str], findings: int) -> None:
        """How far rectification has come; the row stays, for what stands to the right."""
        t, first = self.book.t, self.row
        self._heading(t("整改状态", "rectification"), t("项数", "number"))
        for number, (label, formula) in enumerate(formulas.items(), 1):
            self.row += 1
            self._put(0, label, LABEL)
            known = findings if number == len(formulas) else 0
            self.sheet.write_formula(self.row, 1, formula, self.book.format(NUMBER), known)
        self.row = first

    def _contents(self, contents: Sequence[Content]) -> None:
        t = self.book.t
        self._heading(t("各表", "sheet"), t("行数", "rows"), t("内容", "contents"), column=3)
        link = self.book.format({**CELL, "font_color": "0563C1", "underline": 1})
        for name, said, rows in contents:
            self.row += 1
            self.sheet.write_url(self.row, 3, f"internal:'{name}'!A1", link, name)
            self._put(4, rows, NUMBER)
            self._put(5, said, ASIDE_TEXT)
        self.row += 2

    def _signatures(self) -> None:
        """Lines for those who sign the printed paper."""
        t = self.book.t
        self.sheet.set_row(self.row, 30)
        for column, label in ((0, t("核查人", "checked by")), (3, t("复核人", "reviewed by")), (6, t("日期", "date"))):
            self._put(column, label, {"align": "right", "valign": "bottom"})
            for blank in range(column + 1, column + (2 if column == 0 else 3)):
                self._put(blank, None, {"bottom": 1})
        self.row += 2
        note = t(
            "本底稿由规则自动核查生成，是对文件的一种理解，不是法律意见；结论应由核查人确认。",
            "Made by automatic rules; one reading of the documents, not legal advice. A person confirms every verdict.",
        )
        self._put(0, note, {"font_color": ASIDE})
