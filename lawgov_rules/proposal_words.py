"""What a proposal goes by, and what it says: headings of logs and of Chinese tables, and its comments."""

from __future__ import annotations

# of each kind of column, the likeliest first
KNOWN = {
    "record": "case:concept:name ocel:oid record case case_id record_id 案号 案卷编号 案卷 编号 文号 受理编号 id",
    "event": "concept:name ocel:activity event activity task 事项 环节 活动 事件 步骤 办理环节",
    "date": "time:timestamp ocel:timestamp date timestamp time 日期 时间 发生日期 办理日期 办理时间",
    "person": "org:resource resource person user handler 经办人 承办人 办理人 人员 姓名",
    "organ": "organ 机关 单位 部门 case:department department",
    "jurisdiction": "jurisdiction 行政区划代码 行政区划 区划代码 地域代码 地区代码",
}
# each comment in Chinese and English; a `!` is for a person to decide
SAID = {
    "head": (
        "由 {0} 的列推测（看了 {1} 行）。带 ! 的地方请您决定。",
        "Proposed from the columns of {0} ({1} rows looked at). Decide where a ! stands.",
    ),
    "type": ("! 与词汇最接近的案卷类型", "! the record type whose words come nearest"),
    "none": (
        "! 没有一类案卷的词汇与此相近：请写上案卷类型（`lawgov template`列出各类型），或用 --rules 指定自己的规则集",
        "! no record type has words like these: write one (`lawgov template` lists them), or give your own --rules",
    ),
    "asked": ("按要求", "as asked for"),
    "name": ("按列名", "by its name"),
    "content": ("! 按内容推测", "! by what it contains"),
    "several": ("! 文件中有几类，只取这一类；另有：{0}", "! one of several types of object; the others: {0}"),
    "complete": ("每个环节有多个状态，只取完成", "each step is there in several states; only its end is taken"),
    "offsets": (
        "! 时刻带时区（{0}）；按原文取日期。如应换算成北京时间，写 Asia/Shanghai",
        "! moments name offsets ({0}); their days stay as written. Write Asia/Shanghai to bring them there",
    ),
    "naive": (
        "! 时刻不带时区，按原文取；如为世界时，写 unmarked: UTC",
        "! moments name no offset and stay as written; if they are UTC, write unmarked: UTC",
    ),
    "place": (
        "! 地域代码（六位）；没有它，限于某地的规则都待查",
        "! a code of six digits; without it rules of a place are undetermined",
    ),
    "attribute": ("名称相符", "the names agree"),
    "take": ("同一案卷各行不同，取最后的", "rows of one record differ; the last one is taken"),
    "wide": ("一行一份案卷，每个事项一列日期", "a row a record, a column of dates for each event"),
    "unknown": ("! 词汇中没有：不取，或写上对应的事项", "! not a word of this type: left out, unless you name one"),
    "value": ("! 没有对应的取值", "! no value that it could be"),
    "others": ("! 取值太多，未列出的不取", "! too many to list; those that are not listed are left out"),
    "person": ("! 写明角色后去掉本行的 #", "! name the role and take the # away"),
    "unused": ("没有用到的列：{0}", "columns not used: {0}"),
}
