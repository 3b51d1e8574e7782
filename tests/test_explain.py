"""``lawgov explain`` and ``lawgov rules``: what a rule says, and which rules there are."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lawgov_rules.cli import main
from lawgov_rules.reports._table import table, width
from lawgov_rules.ruleset import Rulesets
from tests.conftest import ROOT

Out = pytest.CaptureFixture[str]
FILING = "jincheng-2009/nd-county-filing-15d"
ZH = """\
规则      县级政府规范性文件备案  jincheng-2009/nd-county-filing-15d
出处      《晋城市全面推进依法行政规划（2009-2013年）》二（三）2（“公布之日起15日内报送市政府”）
义务主体  县级人民政府
要求      以县级政府名义发布的规范性文件，公布后15日内报市政府备案
适用于    规范性文件
条件      制定机关层级为县级，且发文名义为政府
判定      自“公布”之日起15日内，应完成“报送备案”（报送对象为市政府）
读法      按字面不顺延：同上
读法      遇休息日顺延：自“公布”之日起15日内，应完成“报送备案”（报送对象为市政府）；末日遇休息日的，顺延到下一工作日
约束力    必须（违反的记为错误）；核心规则
施行期间  2009-01-01 至 2013-12-31
地域      晋城市（140500）
"""
EN = """\
requirement  A normative document issued in the name of a county government is sent to the city government for filing within 15 days of publication
applies to   normative document
when         level of the issuer is county and issued in the name of is government
test         “filed” (recipient is city government) must follow within 15 days of “published”
reading      literal, no move: as above
"""  # noqa: E501


def explained(capsys: Out, *words: str) -> str:
    assert main(["explain", *words]) == 0
    return capsys.readouterr().out


def test_in_words(capsys: Out) -> None:
    told = explained(capsys, FILING)
    assert told.startswith(ZH)
    assert EN in told
    assert "说明      条文没有写工作日" in told


def test_in_one_language(capsys: Out) -> None:
    zh, en = (explained(capsys, FILING, "--lang", lang) for lang in ("zh", "en"))
    assert zh.startswith(ZH) and EN not in zh
    assert en.startswith("rule         Filing of county-level normative documents") and EN in en and ZH not in en


def test_an_id_alone_will_do_where_it_is_the_only_one(capsys: Out) -> None:
    assert explained(capsys, "nd-county-filing-15d") == explained(capsys, FILING)


def test_an_excuse_and_a_force_that_is_less_than_a_duty(capsys: Out) -> None:
    told = explained(capsys, "draft-comment-period-30d").splitlines()
    assert "可不计    案卷记有“缩短期限理由”的" in told
    assert "约束力    一般应当（违反的记为警告）；核心规则" in told
    assert "excused      where “reason for shortening” is on record" in told
    assert "force        as a rule (a violation is a warning); level core" in told


def test_the_kind_and_the_cases(capsys: Out) -> None:
    told = explained(capsys, FILING)
    assert "规则类型 kind deadline\n  Something must be done within a time after something else.\n" in told
    assert "  违反 逾期 (violated late)  备案15日-到期次日报送\n      到期日3月16日是星期五、工作日" in told


def test_cases_of_another_folder(tmp_path: Path, capsys: Out) -> None:
    assert "案例" not in explained(capsys, FILING, "--cases", str(tmp_path))
    assert main(["explain", FILING, "--cases", "nowhere"]) == 2
    assert capsys.readouterr() == ("", "lawgov: --cases: `nowhere` is not a folder\n")


def test_the_clause(tmp_path: Path, shared: Path, capsys: Out) -> None:
    told = explained(capsys, FILING, "--sources", str(shared / "sources"))
    clause = told.partition("条文 clause 二（三）2\n")[2].partition("\n\n")[0]
    assert clause.startswith("  2．注重改进") and "公布之日起15日内报送市政府" in clause and "3．" not in clause
    assert main(["explain", FILING, "--sources", str(tmp_path)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_no_such_rule(capsys: Out) -> None:
    for name, said in (
        ("nd-county-filing", "`nd-county-filing` is not a rule; did you mean `nd-county-filing-15d`"),
        (
            "jincheng-2009/nd-county-filing-15",
            f"`jincheng-2009/nd-county-filing-15` is not a rule; did you mean `{FILING}`",
        ),
        ("zzz", "`zzz` is not a rule; `lawgov rules` lists them"),
    ):
        assert main(["explain", name]) == 2
        said_ = capsys.readouterr()
        assert (said_.out, said_.err) == ("", f"lawgov: {said}\n")


def test_an_id_of_two_documents(tmp_path: Path, capsys: Out) -> None:
    rule = (ROOT / "rulesets" / "jincheng-2009" / "normative_document.yaml").read_text("utf-8")
    for name in ("x-2009", "y-2009"):
        (tmp_path / name).mkdir()
        document = (ROOT / "rulesets" / "jincheng-2009" / "document.yaml").read_text("utf-8")
        (tmp_path / name / "document.yaml").write_text(document.replace("jincheng-2009", name), "utf-8")
        (tmp_path / name / "normative_document.yaml").write_text(rule, "utf-8")
    assert main(["explain", "nd-county-filing-15d", "--rules", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        "lawgov: `nd-county-filing-15d` is the id of several rules: `x-2009/nd-county-filing-15d`, "
        "`y-2009/nd-county-filing-15d`\n"
    )
    assert main(["explain", "y-2009/nd-county-filing-15d", "--rules", str(tmp_path), "--lang", "zh"]) == 0


# lawgov rules


def listed(capsys: Out, *words: str) -> list[dict[str, str]]:
    assert main(["rules", "--format", "json", *words]) == 0
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return found


def test_every_rule_is_listed(rules: Rulesets, capsys: Out) -> None:
    assert [row["rule"] for row in listed(capsys)] == [rule.key for rule in rules.at("full")]


def test_a_row(capsys: Out) -> None:
    [row] = listed(capsys, "--text", "nd-county-filing-15d")
    assert row == {
        "rule": FILING,
        "level": "core",
        "record": "normative_document",
        "kind": "deadline",
        "modality": "must",
        "clause": "二（三）2",
        "title_zh": "县级政府规范性文件备案",
        "title_en": "Filing of county-level normative documents",
    }


@pytest.mark.parametrize(
    ("option", "value", "key"),
    [
        ("--document", "jincheng-2009", "rule"),
        ("--record", "normative_document", "record"),
        ("--kind", "deadline", "kind"),
        ("--level", "core", "level"),
        ("--modality", "default", "modality"),
    ],
)
def test_filter(option: str, value: str, key: str, capsys: Out) -> None:
    """A filter keeps what meets it, and all of that."""
    kept, everything = listed(capsys, option, value), listed(capsys)
    assert kept == [row for row in everything if row[key].split("/")[0] == value] != []


def test_filters_stand_together_and_text_is_looked_for_in_words_of_both_languages(capsys: Out) -> None:
    for word in ("公布之日起15日内报送市政府", "Within 15 Days of publication", "县级政府规范性文件"):
        keys = [row["rule"] for row in listed(capsys, "--text", word, "--document", "jincheng-2009", "--level", "core")]
        assert FILING in keys and all(key.startswith("jincheng-2009/") for key in keys), word


def test_nothing_meets_every_filter(capsys: Out) -> None:
    for form, out in (
        ("text", ""),
        ("json", "[]\n"),
        ("csv", "rule,level,record,kind,modality,clause,title_zh,title_en\n"),
    ):
        assert main(["rules", "--text", "no such word", "--format", form]) == 0
        said = capsys.readouterr()
        assert (said.out, said.err) == (out, "lawgov: no rule meets every filter\n")


def test_unknown_words_of_filters(capsys: Out) -> None:
    for option, word, near in (
        ("--kind", "deadlines", "deadline"),
        ("--record", "normative_documents", "normative_document"),
        ("--document", "jincheng-2008", "jincheng-2009"),
    ):
        assert main(["rules", option, word]) == 2
        assert capsys.readouterr().err == f"lawgov: {option}: `{word}` is not known; did you mean `{near}`\n"


def test_as_csv(capsys: Out) -> None:
    assert main(["rules", "--format", "csv"]) == 0
    told = capsys.readouterr().out
    assert list(csv.DictReader(io.StringIO(told))) == listed(capsys)
    assert "\r" not in told


def test_columns_line_up_although_chinese_is_twice_as_wide(capsys: Out) -> None:
    assert main(["rules", "--document", "jincheng-2009", "--level", "core"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    start = width(head.partition("title en")[0])
    for row in rows:
        english = next(n for n in range(len(row)) if width(row[:n]) == start)
        assert row[english - 2 : english] == "  " and row[english] not in " \u4e00", row


def test_table() -> None:
    assert [width(text) for text in ("abc", "备案", "a备", "ﾊﾝ", "。")] == [3, 4, 3, 2, 2]
    rows = [["名", "n"], ["备案", "10"], ["ab", "9"]]
    assert list(table(rows, right=[1])) == ["名     n", "备案  10", "ab     9"]
    assert list(table([])) == []


def test_a_reader_that_has_seen_enough() -> None:
    """`lawgov rules | head -1` is no error of ours: nothing on stderr."""
    run = [sys.executable, "-m", "lawgov_rules", "rules", "--format", "json"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
