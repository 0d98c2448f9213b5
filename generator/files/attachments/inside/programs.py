"""Names that programs and unnamed machines put down as the author of a file."""

from __future__ import annotations

import re

#: What stands for nobody: programs, and accounts that a machine came with.
_PROGRAMS = re.compile(
    r"(?:openpyxl|xlsxwriter|python-docx|docxtpl|apache poi|libreoffice|openoffice|kingsoft"
    r"|wps(?: office)?"
    r"|microsoft(?: office)?(?: user| word| excel)?|office|admin(?:istrator)?|user|users|guest|root"
    r"|windows(?: user)?|owner|default|unknown|anonymous|pc|dell|lenovo|hp|asus|acer|huawei|author"
    r"|微软用户|微软中国|用户|作者|管理员|系统管理员|未知|匿名|本地用户|默认用户|示例)[\s\d._/-]*",
    re.IGNORECASE,
)


def is_program(name: str) -> bool:
    """Whether a name in a file's properties is that of a program or of a machine, and of nobody."""
    return _PROGRAMS.fullmatch(name.strip()) is not None
