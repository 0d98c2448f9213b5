"""What click says by itself, in Chinese: English is its own.

Click asks a function called ``_`` in each of its modules for every text; ``speak()`` puts ours
there. ``tests/test_cli_words.py`` holds ``CLICK`` to what the installed click says.
"""

from __future__ import annotations

from unicodedata import east_asian_width

from click import (
    _textwrap,
    core,
    decorators,
    exceptions,
    formatting,
    parser,
    shell_completion,
    termui,
    types,
    utils,
)

from generator.text.language import language

#: Modules of click that say something to whoever calls a command.
MODULES = (
    core, decorators, exceptions, formatting, parser, shell_completion, termui, types, utils,
)  # fmt: skip
#: A text of click → the same in Chinese.
CLICK = {
    "Aborted!": "已中断",
    "(dynamic)": "（运行时确定）",
    "(Did you mean one of: {possibilities}?)": "您是否要写其中之一：{possibilities}？",
    "Argument {name!r} takes {nargs} values.": "参数 {name!r} 要 {nargs} 个值",
    "Choose from:\n\t{choices}": "可选：{choices}",
    "Commands": "命令",
    "Could not open file {filename!r}: {message}": "打不开文件 {filename!r}：{message}",
    "Couldn't detect Bash version, shell completion is not supported.": (
        "认不出 Bash 的版本，不能用命令补全"
    ),
    "Did you mean {possibility}?": "您是否要写 {possibility}？",
    "Error: {message}": "错误：{message}",
    "Got unexpected extra argument ({args})": "多了一个参数（{args}）",
    "Got unexpected extra arguments ({args})": "多了几个参数（{args}）",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Invalid value: {message}": "值不对：{message}",
    "Missing argument": "缺少参数",
    "Missing command.": "没有写命令",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing {param_type}": "缺少 {param_type}",
    "No such command {name!r}.": "没有命令 {name!r}。",
    "No such option {name!r}.": "没有选项 {name!r}。",
    "Option {name!r} does not take a value.": "选项 {name!r} 后面不写值",
    "Option {name!r} requires an argument.": "选项 {name!r} 后面要写值",
    "Option {name!r} requires {nargs} arguments.": "选项 {name!r} 后面要写 {nargs} 个值",
    "Options": "选项",
    "Positional arguments": "参数",
    "Shell completion is not supported for Bash versions older than 4.4.": (
        "Bash 4.4 以前的版本不能用命令补全"
    ),
    "Show the version and exit.": "显示程序的版本",
    "Show this message and exit.": "显示这段说明",
    "Takes {nargs} values but 1 was given.": "要写 {nargs} 个值，只写了 1 个",
    "Takes {nargs} values but {len} were given.": "要写 {nargs} 个值，写了 {len} 个",
    "Try '{command} {option}' for help.": "用法见：{command} {option}",
    "Usage:": "用法:",
    "default: {default}": "默认 {default}",
    "deprecated": "已不再使用",
    "env var: {var}": "环境变量 {var}",
    "required": "必填",
    "unknown error": "原因不明",
    "{name} {filename!r} does not exist.": "{filename!r} 不存在",
    "{name} {filename!r} is a directory.": "{filename!r} 是文件夹，这里要写文件",
    "{name} {filename!r} is a file.": "{filename!r} 是文件，这里要写文件夹",
    "{name} {filename!r} is not executable.": "{filename!r} 不能执行",
    "{name} {filename!r} is not readable.": "没有权限读取 {filename!r}",
    "{name} {filename!r} is not writable.": "没有权限写入 {filename!r}",
    "{value!r} is not a valid boolean. Recognized values: {states}": (
        "{value!r} 不是 true 或 false；可用：{states}"
    ),
    "{value!r} is not a valid {number_type}.": "{value!r} 不是整数",
    "{value!r} is not one of {choices}.": "没有 {value!r}；可用：{choices}",
    "{value!r} is not {choice}.": "没有 {value!r}；可用：{choice}",
    "{value} is not in the range {range}.": "{value} 不在范围 {range} 之内",
}


def spoken(text: str) -> str:
    """Return a text of click in the language in use."""
    return CLICK.get(text, text) if language() == "zh" else text


def spoken_of(one: str, more: str, number: int) -> str:
    """Return the text of click for a number, in the language in use."""
    return spoken(one if number == 1 else more)


def speak() -> None:
    """Let click ask us for its texts, and for how wide a text is."""
    for module in MODULES:
        own = vars(module)
        for function, ours in (("_", spoken), ("ngettext", spoken_of)):
            if function in own:
                own[function] = ours
    for module in (formatting, _textwrap):
        vars(module)["term_len"] = width


def width(text: str) -> int:
    """Return the columns that a text takes in a terminal."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
