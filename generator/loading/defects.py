"""Words for what is wrong with an attachment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.attachments import Problem
from generator.text.language import mark

if TYPE_CHECKING:
    from generator.files.attachments import Defect
    from generator.text.findings import Place, Report

MESSAGES = {
    Problem.TYPE: mark("内容与名称不符：实际是 {detail}"),
    Problem.DAMAGED: mark("附件已损坏，不能作为佐证"),
    Problem.TOO_LARGE: mark("附件过大"),
    Problem.EXPANDS: mark("展开后过大（{detail}）"),
    Problem.ACTIVE: mark("含有宏、外部链接或嵌入对象"),
    Problem.TRAILING: mark("图片结束之后还有数据"),
    Problem.PDF_ACTIVE: mark("PDF 含有脚本、自动动作或嵌入文件"),
    Problem.ENCRYPTED: mark("附件已加密"),
}
BY_DETAIL = {
    (Problem.TYPE, "extension"): mark("这种文件不能作为附件"),
    (Problem.DAMAGED, "empty"): mark("附件是空的"),
    (Problem.DAMAGED, "blank"): mark("附件里没有文字"),
    (Problem.DAMAGED, "pixel"): mark("图片只有一个像素"),
    (Problem.DAMAGED, "truncated"): mark("附件不完整，后半部分缺失"),
    (Problem.DAMAGED, "encoding"): mark("文字不是 UTF-8 编码"),
}
HINTS = {
    (Problem.DAMAGED, "encoding"): mark("请用记事本等编辑器把文件另存为 UTF-8"),
    (Problem.TYPE, "heic"): mark("请把照片转成 JPG 后提交"),
}


def report_defect(report: Report, place: Place, defect: Defect) -> None:
    """Report one defect at the attachment's own path."""
    key = (defect.problem, defect.detail)
    message = BY_DETAIL.get(key, MESSAGES[defect.problem])
    report.add(defect.problem.value, place, message, hint=HINTS.get(key), detail=defect.detail)
