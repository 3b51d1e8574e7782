"""What the form of a record type says to those who fill it in, in Chinese and English."""

OURS = {
    "record": ("文号、案号或自编的编号，同一类型中不得重复", "a number of your own, given once within the type"),
    "organ": ("办理或负责的机关名称", "the organ that is responsible"),
    "jurisdiction": ("六位行政区划代码，如 140581", "the code of six digits (GB/T 2260), such as 140581"),
}
KINDS = {
    "text": ("文字", "text"),
    "choice": ("从列表中选一项", "one of the list"),
    "choices": ("可选多项，用“、”隔开；确知一项也没有的写“无”", "one or more, with `;` between; or `none`"),
    "boolean": ("是或否", "yes or no"),
    "integer": ("整数", "a whole number"),
    "number": ("数字，最多六位小数", "a number of at most six decimal places"),
    "date": ("日期，如 2012-03-01", "a date such as 2012-03-01"),
}  # fmt: skip
ABOUT = {
    "zh": (
        "一行一份案卷。案卷号为“示例”的行只供参考，核查时略过，可以删去。",
        "表头深蓝：核心规则用到；蓝色：其他规则用到；灰色：现有规则没有用到。用不到的列可以删去，列的次序可以变动，表头文字不要改。",
        "表头为“备注”“序号”的列供人看，不读取；其他不认识的表头会报告出来。",
    ),
    "en": (
        "One row a record. A row whose id is `example` is passed over, and may be deleted.",
        "Headings: dark, used by headline rules; blue, by others; grey, by none. Columns may be deleted or moved.",
        "Columns headed `remarks` or `no.` are for people; any other unknown heading is reported.",
    ),
}  # fmt: skip
WHOSE = {
    "record": ("这份案卷的编号", "the id of the record"),
    "organ": ("由哪个机关办理或负责", "the organ whose record it is"),
    "jurisdiction": ("属于哪个地域", "where it belongs"),
}
ASKED = {
    "text": "写明“{}”",
    "choice": "“{}”属于哪一种",
    "choices": "“{}”有哪几种",
    "boolean": "是否“{}”",
    "integer": "“{}”是多少",
    "number": "“{}”是多少",
    "date": "“{}”是哪一天",
}
