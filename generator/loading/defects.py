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
    Problem.TRAILING: mark("文件正文结束之后还有数据"),
    Problem.PDF_ACTIVE: mark("PDF 含有脚本、自动动作或嵌入文件"),
    Problem.ENCRYPTED: mark("附件已加密"),
}
BY_DETAIL = {
    (Problem.TYPE, "extension"): mark("这种文件不能作为附件"),
    (Problem.DAMAGED, "empty"): mark("附件是空的"),
    (Problem.DAMAGED, "blank"): mark("附件里没有文字"),
    (Problem.DAMAGED, "cells"): mark("表格里没有填写任何内容"),
    (Problem.DAMAGED, "words"): mark("文档里没有文字，也没有图片"),
    (Problem.DAMAGED, "pixel"): mark("图片只有一个像素"),
    (Problem.DAMAGED, "truncated"): mark("附件不完整，后半部分缺失"),
    (Problem.DAMAGED, "encoding"): mark("文字不是 UTF-8 编码"),
    (Problem.TYPE, "lfs"): mark("这里只有大文件存储（LFS）的占位说明，没有文件本身"),
    (Problem.TYPE, "annex"): mark("这里只有 git-annex 的占位说明，没有文件本身"),
    (Problem.TYPE, "heic"): mark("内容是 HEIC 照片，不能作为附件"),
    (Problem.TYPE, "avif"): mark("内容是 AVIF 图片，不能作为附件"),
    (Problem.TYPE, "mov"): mark("内容是视频，不能作为附件"),
    (Problem.TYPE, "mp4"): mark("内容是视频，不能作为附件"),
    (Problem.TYPE, "doc"): mark("内容是旧版 Word 文件（.doc），不能作为附件"),
    (Problem.TYPE, "xls"): mark("内容是旧版 Excel 文件（.xls），不能作为附件"),
    (Problem.TYPE, "wps"): mark("内容是 WPS 文字文件，不能作为附件"),
    (Problem.TYPE, "ofd"): mark("内容是 OFD 文件，不能作为附件"),
}
_WHOLE = mark("请上传文件本身（不超过 10 MB），不要用存放大文件的工具")
_DOCUMENT = mark("请另存为 docx，或导出 PDF 后上传")
HINTS = {
    (Problem.DAMAGED, "encoding"): mark("请用记事本等编辑器把文件另存为 UTF-8"),
    (Problem.TYPE, "lfs"): _WHOLE,
    (Problem.TYPE, "annex"): _WHOLE,
    (Problem.TYPE, "heic"): mark("请把照片转成 JPG 后上传"),
    (Problem.TYPE, "avif"): mark("请把图片转成 JPG 后上传"),
    (Problem.TYPE, "mov"): mark("请上传照片或文字材料"),
    (Problem.TYPE, "mp4"): mark("请上传照片或文字材料"),
    (Problem.TYPE, "doc"): _DOCUMENT,
    (Problem.TYPE, "wps"): _DOCUMENT,
    (Problem.TYPE, "xls"): mark("请另存为 xlsx 后上传"),
    (Problem.TYPE, "ofd"): mark("请导出 PDF 后上传"),
    (Problem.TYPE, "jpeg"): mark("内容是 JPEG 图片：把扩展名改为 .jpg 即可"),
    (Problem.TYPE, "png"): mark("内容是 PNG 图片：把扩展名改为 .png 即可"),
    (Problem.TYPE, "webp"): mark("内容是 WebP 图片：把扩展名改为 .webp 即可"),
    (Problem.TYPE, "pdf"): mark("内容是 PDF：把扩展名改为 .pdf 即可"),
    (Problem.TYPE, "xlsx"): mark("内容是 xlsx 表格：把扩展名改为 .xlsx 即可"),
    (Problem.TYPE, "docx"): mark("内容是 docx 文件：把扩展名改为 .docx 即可"),
}


def report_defect(report: Report, place: Place, defect: Defect) -> None:
    """Report one defect at the attachment's own path."""
    key = (defect.problem, defect.detail)
    message = BY_DETAIL.get(key, MESSAGES[defect.problem])
    report.add(defect.problem.value, place, message, hint=HINTS.get(key), detail=defect.detail)
