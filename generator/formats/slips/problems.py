"""Words for what libyaml refuses, and for full-width marks where YAML wants half-width ones."""

from __future__ import annotations

import re

from generator.text.language import mark

#: What libyaml refuses by itself, before our own limits and rules apply.
DEEP, DIRECTIVE = mark("嵌套过深：超过 {n} 层"), mark("用了指令“%”：请删去这一行")
REFUSED = (
    ("exceeded maximum nesting depth", "Y005", DEEP),
    ("found unknown directive", "Y004", DIRECTIVE),
    ("found incompatible YAML", "Y004", DIRECTIVE),
    ("found duplicate %", "Y004", DIRECTIVE),
)
TAB_WORDS = mark("缩进用了制表符（Tab），YAML 只认空格")
TAB = "found character '\\t'"
TAGGED = mark("这里的文字以“!”开头，会被当作格式符号")
NO_COLON = "could not find expected ':'"
NO_COMMA = "did not find expected ',' or"
NO_END = "found unexpected end of stream"
#: Found only at the end of something unfinished: its beginning is the parser's context.
BEGUN = (NO_COLON, NO_COMMA, NO_END)
#: Found where entries were to be parted.
RUN = (NO_COMMA, "mapping values are not allowed")
PROBLEMS = (
    (TAB, TAB_WORDS),
    ("found character that cannot start", mark("值以特殊字符开头，需要加引号")),
    (
        "mapping values are not allowed",
        mark("这一行的冒号位置不对：多半是缩进不齐，或值里有冒号而没加引号"),
    ),
    (NO_COLON, mark("这里缺少半角冒号和空格“: ”")),
    ("did not find expected key", mark("缩进与上文不一致，或缺少键名")),
    ("did not find expected '-'", mark("列表的缩进与上文不一致")),
    (NO_COMMA, mark("方括号或花括号没有配对，或缺少逗号")),
    (NO_END, mark("引号或括号没有结束")),
    ("found unknown escape character", mark("双引号里有不认识的反斜杠写法")),
    ("found invalid Unicode character", mark("双引号里的 Unicode 写法不对")),
    ("block sequence entries are not allowed", mark("列表的短横线位置不对")),
    ("mapping keys are not allowed", mark("这里不能用问号开头")),
    ("did not find expected alphabetic", mark("这里的文字以“&”或“*”开头，会被当作格式符号")),
    ("did not find expected whitespace", TAGGED),
    ("did not find expected tag URI", TAGGED),
    ("did not find expected '!'", TAGGED),
    ("found undefined tag handle", TAGGED),
    ("did not find expected comment", mark("“|”或“>”后面要换行，文字从下一行写起")),
    ("found a tab character", TAB_WORDS),
)
UNREADABLE = mark("这里读不下去：多半是这一行或上一行的符号、缩进有误")
CONTINUED = mark("这一行没有键名，好像接着上一行的文字")
JOIN = mark("接到上一行的末尾，写成一行；要分行写的，从这一行起每行前面多空两格：“{fixed}”")
TAB_TO_SPACES = mark("把行首的 Tab 换成空格，与上面同级的行对齐")

COLON, COMMA = "\uff1a", "\uff0c"
RUN_ON = re.compile(f"[{COLON}{COMMA}]")
FULL_COLON = mark("这里用了全角冒号“：”，应为半角冒号加空格“: ”")
FULL_COMMA = mark("这里用了全角逗号“，”，应为半角逗号加空格“, ”")
FULL_WIDTH = ((COLON, FULL_COLON), (COMMA, FULL_COMMA))
#: Entries of a mapping run into one that are told apart.
MAX_RUN_ON = 50

HALF_WIDTH_ALL = mark("把这一行里的“{old}”换成半角的“{new}”（后面空一格）")
ANCHOR = mark("用了锚点“&”：请把内容完整写出")
ALIAS = mark("用了别名“*”：请把内容完整写出")
TAG = mark("用了标签“!”：请直接写值")
DROP = mark("删去“{mark}”，把值直接写在这里；本来就是文字的，把整段放进英文引号")
ALIGN = mark("同级的行开头空一样多的格：“{fixed}”")
UNSEEN = mark("删去这个看不见的字符；改不动的，把这一行删掉重新输入")
DROP_LINE = mark("删去以“%”开头的这一行")
QUOTE_HASH = mark("要读入的，把整段放进英文引号：{fixed}；真要写注释，在“#”后空一格")
