"""What is wrong with the input, in Chinese.

The English sentence is the one that programs and tests hold on to; a reader of a Chinese report gets it by this table.
Groups are carried over; a group named ``rest`` is itself a sentence of the table. What the table does not know stays
as it is, and a test holds the table to every sentence of the refused records.
"""

from __future__ import annotations

import re

V = "`(.*)`"
TABLE = {
    r"the date of `(.+?)`: (?P<rest>.+)": "`{0}`的日期：{rest}",
    r"`([^`]+)`: (?P<rest>`.+)": "`{0}`：{rest}",
    # dates and values
    f"{V} is not a day of the calendar": "`{0}`不是日历上有的日子",
    f"{V} is not a full date such as `2012-03-01`": "`{0}`不是完整的日期（应如`2012-03-01`）",
    f"{V} names no day": "`{0}`没有写明哪一日",
    f"{V} names no year": "`{0}`没有写明哪一年",
    f"{V} has the year last, so day and month cannot be told apart": "`{0}`年份在后，分不清日和月",
    f"{V} has a year of two digits": "`{0}`的年份只有两位",
    f"{V} is a bare number, not a date; if a spreadsheet means (.*), format the cell as a date": (
        "`{0}`只是数字，不是日期；如果表格中指{1}，请把单元格设为日期格式"
    ),
    f"{V} is not a real moment": "`{0}`不是真实的时刻",
    rf"{V} lies outside (\d+) to (\d+)": "`{0}`不在{1}年至{2}年之间",
    "a date is missing": "缺少日期",
    f"{V} must be one date": "`{0}`应为一个日期",
    f"{V} is not a known value; (?P<rest>.*)": "`{0}`不是规定的取值；{rest}",
    f"{V} is not a known value": "`{0}`不是规定的取值",
    f"{V} must be one value, not a list or a mapping": "`{0}`应为单个值",
    f"{V} must be `true` or `false`": "`{0}`应为`true`（是）或`false`（否）",
    f"{V} must be a number such as `40` or `19.5`": "`{0}`应为数字，如`40`或`19.5`",
    f"{V} must be a number within (.*)": "`{0}`超出范围（{1}以内）",
    f"{V} must be a whole number from 1": "`{0}`应为从1起的整数",
    f"{V} must be a whole number": "`{0}`应为整数",
    f"{V} must be a number of at most six decimal places": "`{0}`小数不得超过六位",
    # words
    f"{V} is not an event of an? (.*)": "`{0}`不是`{1}`类案卷的事项",
    f"{V} is not an attribute of (?:an? )?`?([^`]*)`?": "`{0}`不是`{1}`的属性",
    f"{V} is not a known record type": "`{0}`不是规定的案卷类型",
    f"{V} is not a key of a record": "`{0}`不是案卷的栏目",
    f"{V} is not a role here": "`{0}`不是这里可用的角色",
    f"{V} and {V} differ in capital letters only": "`{0}`与`{1}`只有大小写不同",
    f"{V} is not a record": "`{0}`不是案卷",
    f"{V} is missing": "缺少`{0}`",
    f"{V} must be a list": "`{0}`应为列表",
    f"{V} must be a mapping of names to values": "`{0}`应写成“名称: 值”",
    f"{V} must be one value": "`{0}`应为单个值",
    "a participant must be a mapping with `role` and `person`": "每名参与人员应写明`role`和`person`",
    "an event must be a mapping with `event` and `date`": "每个事项应写明`event`和`date`",
    f"{V} stands at (.*) already": "`{0}`已见于{1}",
    f"{V} stands twice": "`{0}`重复出现",
    # cases
    f"{V} is not a rule": "`{0}`不是规则",
    f"{V} is not a verdict and a detail": "`{0}`不是“结论 细目”",
    f"{V} speaks of another type of record than {V}": "`{0}`针对的案卷类型不是`{1}`",
    f"{V} is a mapping of rules to verdicts": "`{0}`应写成“规则: 结论”",
    r"no such instance \(there are: (.*)\)": "没有这一项（有：{0}）",
    "no case of these rules here": "这里没有这些规则的用例",
    # the monitor
    f"{V} is not on record": "没有案卷`{0}`",
    f"no such {V} is on record": "案卷中没有这样的`{0}`",
    f"{V} is nothing to retract": "`{0}`不能撤回",
    f"{V} cannot be changed": "`{0}`不能更改",
    "is held by another monitor": "正被另一个监测程序使用",
    "cannot be used as saved state: (.*)": "不能用作保存文件（`{0}`）",
    # places
    f"{V} is not a code of six digits such as `140581`": "`{0}`不是六位代码（应如`140581`）",
    rf"{V} names a county \({V}\) without its prefecture": "`{0}`只有县级代码（`{1}`），缺少市级代码",
    f"{V} is not plain digits; write it without blanks": "`{0}`中有空格，请去掉",
    f"{V} is not written in the digits 0-9, or begins with 0": "`{0}`应使用半角数字，且不以0开头",
    # files
    "there is no such file or folder": "没有这个文件或文件夹",
    "cannot be read: (.*)": "无法读取（{0}）",
    r"larger than (\d+) MB": "超过{0}MB",
    "not a text in UTF-8": "不是UTF-8编码的文本",
    "not a text": "不是文本",
    r"not a text: the character (U\+\w+) stands in it": "不是文本：含有字符`{0}`",
    "not readable as (YAML|JSON): (.*)": "不能按{0}读取（`{1}`）",
    "not readable as a table: (.*)": "不能按表格读取（`{0}`）",
    r"nested deeper than (\d+) levels": "嵌套超过{0}层",
    "anchors and aliases are not read": "不读取锚点和别名",
    f"{V} is not a kind of value": "`{0}`不是可用的值",
    "give text, numbers, dates, lists and mappings": "请给出文本、数字、日期、列表或映射",
    "a key must be a word": "栏目名应为一个词",
    f"{V} is not a kind of file read here": "`{0}`不是可读取的文件类型",
    # the three tables
    f"{V} is not one of the three tables": "`{0}`不是三张表之一",
    "the table `records` is missing": "缺少`records`表",
    "the table is empty": "表是空的",
    f"{V} is not a table": "`{0}`不是表",
    rf"{V} is not in the records table \((\d+) rows\)": "`records`表中没有`{0}`（涉及{1}行）",
    f"{V} names several records": "`{0}`对应多份案卷",
    r"(\d+) cells where the headings have (\d+)": "本行{0}格，表头{1}格",
    # mappings
    f"{V} is not a known key": "`{0}`不是可用的栏目",
    f"{V} is not a time zone": "`{0}`不是时区",
    f"{V} needs a `zone` to bring moments to": "写了`{0}`就要写明换算到哪个时区（`zone`）",
    "a value has a `column` or a `constant`, and not both": "一个值或来自一列（`column`），或为定值（`constant`）",
    f"{V} is not a factor": "`{0}`不是换算系数",
    f"`factor` is for numbers, and {V} is none": "换算系数（`factor`）只用于数字，`{0}`不是数字",
    f"{V} is not an event of these records": "`{0}`不是这些案卷的事项",
    f"{V} is not an? (event|role) of an? (.*)": "`{0}`不是`{2}`类案卷的事项或角色",
    f"{V} is not a role of these records": "`{0}`不是这些案卷的角色",
    f"{V} is not an attribute of (?:this|these) (.*)": "`{0}`不是这里的属性",
    f"(?:{V}|this):? must be a mapping": "此处应写成“名称: 值”",
    f"{V} is not a column of what is read": "所读文件中没有`{0}`这一列",
    "the mapping is empty": "对照文件是空的",
    rf"{V} is empty, so the row belongs to no record \((\d+) rows\)": "`{0}`为空，无法归入案卷（涉及{1}行）",
    rf"{V} is {V} here and {V} in line (\d+) of the same record": "`{0}`在此处为`{1}`，在同一案卷第{3}行为`{2}`",
    "no columns are read from this kind of file": "这类文件没有可读的列",
    "there are no rows to look at": "没有可看的行",
    # event logs
    "a log is read through a mapping": "日志须通过对照文件读取",
    "not an event log: it has no `log` element": "不是事件日志：没有`log`元素",
    "not readable as (XML|gzip): (.*)": "不能按{0}读取（`{1}`）",
    "not readable as a database of OCEL 2.0: (.*)": "不能按OCEL 2.0数据库读取（`{0}`）",
    r"unfolds to more than (\d+) times its size": "解压后超过原大小的{0}倍",
    r"an element is larger than (\d+) MB": "有元素超过{0}MB",
    f"declares an entity: {V}": "含有实体声明`{0}`",
    r"a trace has more than (\d+) values": "一条轨迹的值超过{0}个",
    "the log has no objects": "日志中没有对象",
    rf"{V} is not an object of this log \(event {V}\)": "日志中没有对象`{0}`（见事件`{1}`）",
    f"an item of {V} must be a mapping": "`{0}`的每一项都应写成“名称: 值”",
    # the rules engine
    rf"`durable` failed on {V} \((.*)\)": "`durable`执行`{0}`时出错（`{1}`）",
    # what to do
    "such as `([^`]*)`": "如`{0}`",
    "such as `Asia/Shanghai`, or `as_written`": "如`Asia/Shanghai`，或`as_written`（按原文）",
    "such as `10000`, `0.01` or `1/60`": "如`10000`、`0.01`或`1/60`",
    "mend it, or write `optional: true` beside it": "请改正；如这一列可以没有，请加`optional: true`",
    "take it out": "请删去",
    "write names and values": "写成“名称: 值”",
    "`lawgov mapping` proposes one": "可由`lawgov mapping`推测一份",
    "give `--mapping`; `lawgov mapping` proposes one": "请用`--mapping`给出；可由`lawgov mapping`推测一份",
    "fill in the record's id": "请填写案卷编号",
    "write `take: first` or `take: last` in the mapping, or make it part of an event": (
        "请在对照文件中写`take: first`（取最先的）或`take: last`（取最后的），或归入事项"
    ),
    "give CSV, Parquet, XES or OCEL": "请提供CSV、Parquet、XES或OCEL文件",
    "give a file with some": "请提供有内容的文件",
    "give an XES file": "请提供XES文件",
    "give a log in OCEL 2.0": "请提供OCEL 2.0日志",
    "the file is cut off or damaged at this line": "文件在此行中断或损坏",
    "pack or fetch it anew": "请重新压缩或重新获取",
    "unpack it first, if it is what you expect": "如确认无误，请先解压",
    "is this the right file": "请确认是否为正确的文件",
    "logs need none; take the declaration out": "日志不需要实体，请删去声明",
    "add the object, or mend its id here": "请补上该对象，或改正此处的编号",
    "no column holds the ids of records": "没有写案卷号的列",
    "no column `(.*)`": "缺少`{0}`列",
    "the row has values, and no record's id": "本行有内容，但没有案卷号",
    "the record's id is merged over several rows": "案卷号单元格跨多行合并",
    "a value stands in a column without a heading": "有内容的列没有表头",
    f"{V} means the same as {V}": "`{0}`与`{1}`含义相同",
    f"{V} is not a known heading": "`{0}`不是可识别的表头",
    f"{V} has blanks between names": "`{0}`的姓名之间有空格",
    rf"{V} does not give a value for each of (\d+)": "`{0}`与{1}项不能一一对应",
    f"the formula's result is {V}": "公式的结果是`{0}`",
    "the formula was never computed": "公式从未计算过",
    "the sheet is hidden, and was read": "工作表已隐藏，仍已读取",
    "hidden rows or columns were read too": "隐藏的行或列也已读取",
    "the example row is passed over": "示例行已略过",
    r"more than (\d+) (rows|columns)": "超过{0}行或列（`{1}`）",
    r"unpacks to more than (\d+) MB": "解压后超过{0}MB",
    r"the used cells span more than (\d+)": "单元格范围超过{0}格",
    "the workbook is damaged": "工作簿已损坏",
    "the workbook has a password": "工作簿有密码",
    "not a workbook of Excel or LibreOffice": "不是Excel或LibreOffice的工作簿",
    "not a text in UTF-8 or GB18030": "不是UTF-8或GB18030编码的文本",
    "not a text in UTF-16": "不是UTF-16编码的文本",
    "changed while it was read": "读取时文件有变动",
    "read it again": "请重新读取",
    "save it as CSV UTF-8": "请另存为“CSV UTF-8”",
    "save it without": "请取消密码后另存",
    "open it in Excel, WPS or LibreOffice and save it anew": "请用Excel、WPS或LibreOffice打开后重新保存",
    "delete what stands far from the table": "请删去远离表格的内容",
    "delete (?:it|them) if (?:it|they) should not count": "如不应计入，请删去",
    "check the quotes at this line": "请检查此行的引号",
    "begin one of the two with 备注": "如其中一列只供人看，表头请以“备注”开头",
    "head the column": "请写上表头",
    r"head the column of ids with `案卷号`(?: \(or 文号, 案号\), within the first (\d+) rows)?": (
        "请在前几行中为编号列写上表头“案卷号”（或“文号”“案号”）"
    ),
    "write its id": "请写上案卷号",
    "add a column `(.*)`": "请添加“{0}”列",
    "name the sheet or file after a record type (.*), or add a column `类型`": (
        "请以案卷类型（如“规范性文件”）命名工作表或文件，或添加“类型”列"
    ),
    "give each record one row, and write several events as `公布`, `公布2` or on a sheet `事项`": (
        "每份案卷一行；同一事项多次发生的，写成“公布”“公布2”两列，或写在“事项”表中"
    ),
    "see `lawgov template` for the headings, or begin a heading for notes with 备注": (
        "表头可用`lawgov template`查看；供人看的列，表头请以“备注”开头"
    ),
    "begin a heading for notes with 备注": "供人看的列，表头请以“备注”开头",
    "write `、` between people": "多人之间请用“、”隔开",
    "write each person in a row": "请每人一行",
    "give one value for all, or as many, with `；` between them": "请写一个共同的值，或用“；”隔开一一对应",
    "mend the formula, or write the value": "请改正公式，或直接写值",
    "say in one sentence why the verdict is right": "用一句话说明为什么应得这个结论",
    f"it is a rule on {V}": "这条规则针对`{0}`",
    "a case is a record with `because`, `as_of` and `expect`": "用例是写有`because`、`as_of`、`expect`的案卷",
    "did you mean `(.*)`": "是否应为`{0}`",
    "known: (.*)": "可用的有：{0}",
    "add `(.*):`": "补上`{0}:`",
    "begin each item with `- `": "每项以`- `开头",
    "a record is a mapping with `record`, `type` and `events`": "案卷应写明`record`、`type`和`events`",
    "name the person, or give a number of your own": "写明姓名，或自编代号",
    "the vocabulary has this attribute for something else": "这个属性用在别处",
    "write the day the event happened as year-month-day": "按“年-月-日”写明发生的日期",
    "ids are unique within a record type": "同一类型的案卷编号不得重复",
    "post the whole record first": "请先登记整份案卷",
    "retract the record, and post it anew": "请撤回案卷后重新登记",
    "give its type too: (.*)": "请同时写明类型：{0}",
    "its date and attributes must be as they were posted": "日期和属性应与登记时相同",
    "take back an event or a participant; an attribute is taken back by posting it without a value": (
        "只能撤回事项或人员；要撤回属性，请登记为空值"
    ),
    "close it there first": "请先在那里关闭",
    "name a file of a monitor, or a new one": "请指定监测程序的文件，或新文件",
    "check the path": "请核对路径",
    "check that it exists and is yours to read": "请确认文件存在且有权读取",
    "split the file": "请拆分文件",
    "save it as UTF-8 text": "请另存为UTF-8文本",
    "is this a binary file": "这是否不是文本文件",
    "check indentation, colons, quotes and brackets at this line": "请检查此行的缩进、冒号、引号和括号",
    "check commas, quotes and brackets at this line": "请检查此行的逗号、引号和括号",
    "a record needs at most six": "案卷最多需要六层",
    "keep one of the two": "请保留一个",
    "write the value out in full": "请直接写出内容",
    "quote it, or check the indentation": "请加引号，或检查缩进",
    r"give .* \(.*\), or a folder with records.csv and events.csv": (
        "请提供`.xlsx`、`.xls`、`.ods`、`.csv`、`.yaml`、`.json`等文件，或含`records.csv`、`events.csv`的文件夹"
    ),
    "mend the row; until then its record is not judged": "请改正此行；改正前不核查该案卷",
    "judge it with `--engine live`": "请改用`--engine live`核查",
    "fill in or take out cells, or quote commas": "请补齐或删去多余的格，含逗号的内容加引号",
    "write its `type` here too": "请在此处也写明`type`",
    "add the record, or mend its id or type here": "请补上该案卷，或改正此处的编号、类型",
    "give the three tables by name": "请按名称提供三张表",
    "give CSV with headings, or Parquet": "请提供带表头的CSV，或Parquet",
    "write the headings into the first line": "请在第一行写表头",
    "give a path, an Arrow table or a DataFrame": "请提供路径、Arrow表或DataFrame",
}
_COMPILED = [(re.compile(pattern, re.S), template) for pattern, template in TABLE.items()]


def zh(sentence: str) -> str:
    """The sentence in Chinese; as it is where the table does not know it."""
    for pattern, template in _COMPILED:
        if match := pattern.fullmatch(sentence):
            named = match.groupdict()
            rest = {"rest": zh(named["rest"])} if "rest" in named else {}
            return template.format(*match.groups(), **rest)
    return sentence
