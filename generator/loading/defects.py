"""Words for what is wrong with an attachment, and what to do: both follow from its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.files.attachments import Problem
from generator.formats.slips.separators import RUN_INTO_ONE, SPLIT, parted
from generator.text.findings import Place
from generator.text.language import mark
from generator.text.messages import say
from generator.text.names import SHORT, visible
from generator.text.unknown import report_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.files.attachments import Defect
    from generator.loading.evidence import Attachment
    from generator.text.findings import Content, Report

MESSAGES = {
    Problem.TYPE: mark("认不出这个文件的内容，与扩展名不符"),
    Problem.DAMAGED: mark("附件已损坏，不能作为佐证"),
    Problem.TOO_LARGE: mark("附件过大"),
    Problem.EXPANDS: mark("图片有 {detail} 像素，太大"),
    Problem.ACTIVE: mark("含有宏、外部链接或嵌入对象"),
    Problem.TRAILING: mark("文件正文结束之后还有数据"),
    Problem.PDF_ACTIVE: mark("PDF 含有脚本、自动动作或嵌入文件"),
    Problem.ENCRYPTED: mark("附件有密码，评审人打不开"),
}
#: What is too much once a file is unpacked.
TOO_MUCH = {
    "rows": mark("表格里有内容的行太多，请拆成几个文件"),
    "parts": mark("文件里的组成部分太多，请另存一份"),
    "ratio": mark("请删去空行空表后另存，或输出为 PDF"),
    "size": mark("请拆成几个文件，或删去空行空表后另存"),
    "markup": mark("文字和格式太多，请拆成几个文件或输出为 PDF"),
    "text": mark("图片里附带的文字太多，请另存一份"),
}
EXPANDED = mark("文件展开后过大")
BY_DETAIL = {
    (Problem.TYPE, "extension"): mark("这种文件不能作为附件"),
    (Problem.TYPE, "text"): mark("内容是纯文字，与名称的结尾不符"),
    (Problem.DAMAGED, "empty"): mark("附件是空的（0 字节）"),
    (Problem.DAMAGED, "blank"): mark("附件里没有文字"),
    (Problem.DAMAGED, "cells"): mark("表格里没有填写任何内容"),
    (Problem.DAMAGED, "words"): mark("文档里没有文字，也没有图片"),
    (Problem.DAMAGED, "pixel"): mark("图片只有一个像素"),
    (Problem.DAMAGED, "truncated"): mark("附件不完整，后半部分缺失"),
    (Problem.DAMAGED, "encoding"): mark("文字不是 UTF-8 编码"),
    (Problem.TYPE, "lfs"): mark("这里只有大文件存储（LFS）的占位说明，没有文件本身"),
    (Problem.TYPE, "annex"): mark("这里只有 git-annex 的占位说明，没有文件本身"),
}
RENAMED = mark("内容是“{title}”，名称的结尾却不是 .{end}")
FOREIGN = mark("内容是“{title}”，不能作为附件")
RENAME = mark("文件本身没有问题：把名称的结尾改为 .{end}，记录里写着它的地方一并改")
_WHOLE = mark("请上传文件本身（不超过 10 MB），不要用存放大文件的工具")
HINTS = {
    (Problem.DAMAGED, "empty"): mark("多半是复制或下载没有完成：找到原来的文件，重新复制一份"),
    (Problem.DAMAGED, "truncated"): mark(
        "多半是复制或下载没有完成：找到原来的文件，重新复制一份，先打开看看"
    ),
    (Problem.DAMAGED, "encoding"): mark(
        "用记事本打开，点“另存为”，在“编码”处选 UTF-8；CSV 可在 WPS 或 Excel 里另存为“CSV UTF-8”"
    ),
    (Problem.DAMAGED, "blank"): mark("写上内容再上传；内容在别的文件里的，上传那个文件"),
    (Problem.TYPE, "text"): mark(
        "原来就是文字的，把名称的结尾改为 .txt；不是的，从原来的软件里重新导出"
    ),
    (Problem.TYPE, "lfs"): _WHOLE,
    (Problem.TYPE, "annex"): _WHOLE,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What content is called, and what to do with it; ``end`` is its own ending, where allowed."""

    title: str
    remedy: str = RENAME
    end: str = ""


_PICTURE = mark("用“画图”或看图软件打开，另存为 JPG 或 PNG，再上传新的文件")
_PHONE = mark(
    "在手机上转成 JPG：苹果手机把照片用微信发给自己（不选“原图”）再存下来；以后在“设置—相机—格式”里"
    "选“兼容性最佳”。只改名称不行"
)
_FILM = mark("视频不能作为附件：截取一两个画面存成 JPG，或把内容写成文字材料")
_SOUND = mark("录音不能作为附件：把内容整理成文字材料")
_WORD = mark("用 WPS 或 Word 打开，点“另存为”选 docx，或输出为 PDF。只改名称不行")
_SHEET = mark("用 WPS 或 Excel 打开，点“另存为”选 xlsx。只改名称不行")
_SLIDES = mark("用 WPS 或 PowerPoint 打开，输出为 PDF，上传 PDF")
_PACKED = mark("解压以后把里面的文件一个一个上传，并在记录里写上每个文件的名称")
_PAGE = mark("用浏览器打开，选“打印”，目标选“另存为 PDF”，上传 PDF")
_FILM_TITLE, _SOUND_TITLE, _PACKED_TITLE = mark("视频"), mark("录音"), mark("压缩包")
_DRAWING = mark("绘图文件")
KINDS = {
    "jpeg": Kind(mark("JPEG 照片"), end="jpg"),
    "png": Kind(mark("PNG 图片"), end="png"),
    "webp": Kind(mark("WebP 图片"), end="webp"),
    "pdf": Kind(mark("PDF 文件"), end="pdf"),
    "xlsx": Kind(mark("xlsx 表格"), end="xlsx"),
    "docx": Kind(mark("docx 文件"), end="docx"),
    "heic": Kind(mark("HEIC 照片"), _PHONE),
    "avif": Kind(mark("AVIF 图片"), _PICTURE),
    **{
        name: Kind(title, _PICTURE)
        for name, title in {
            "gif": mark("GIF 图片"),
            "bmp": mark("BMP 图片"),
            "tiff": mark("TIFF 图片"),
            "psd": mark("Photoshop 图片"),
            "svg": _DRAWING,
            "eps": _DRAWING,
            "wmf": _DRAWING,
        }.items()
    },
    **{
        name: Kind(_FILM_TITLE, _FILM) for name in ("mov", "mp4", "avi", "mkv", "flv", "wmv", "mpg")
    },
    **{name: Kind(_SOUND_TITLE, _SOUND) for name in ("mp3", "m4a", "wav", "amr")},
    "doc": Kind(mark("旧版 Word 文件（.doc）"), _WORD),
    "wps": Kind(mark("WPS 文字文件（.wps）"), _WORD),
    "rtf": Kind(mark("RTF 文件"), _WORD),
    "odf": Kind(mark("OpenDocument 文件"), mark("用 WPS 打开，另存为 docx 或 xlsx，或输出为 PDF")),
    "xls": Kind(mark("旧版 Excel 或 WPS 表格文件（.xls、.et）"), _SHEET),
    "xlsb": Kind(mark("二进制 Excel 文件（.xlsb）"), _SHEET),
    "ppt": Kind(mark("旧版演示文稿（.ppt、.dps）"), _SLIDES),
    "pptx": Kind(mark("演示文稿（.pptx）"), _SLIDES),
    "ole": Kind(mark("旧版办公软件的文件"), mark("用 WPS 打开，另存为 docx 或 xlsx，或输出为 PDF")),
    "ofd": Kind(mark("OFD 版式文件"), mark("用 WPS 或 OFD 阅读器打开，输出或打印为 PDF，上传 PDF")),
    **{name: Kind(_PACKED_TITLE, _PACKED) for name in ("zip", "rar", "7z", "gzip")},
    "html": Kind(mark("网页"), _PAGE),
    "xml": Kind(mark("网页或数据文件"), _PAGE),
    "lnk": Kind(mark("快捷方式"), mark("快捷方式不是文件本身：找到它指向的文件，上传那个文件")),
    "exe": Kind(mark("程序"), mark("程序不能作为附件：删去它，上传文件本身")),
}


def report_defect(report: Report, content: Content, defect: Defect) -> None:
    """Report one defect at the attachment's own path."""
    place = Place(content.path)
    key = (defect.problem, defect.detail)
    kind = KINDS.get(defect.detail) if defect.problem is Problem.TYPE else None
    if kind is not None:
        message, hint = (RENAMED, RENAME) if kind.end else (FOREIGN, kind.remedy)
        title = say(kind.title)
        report.add(
            defect.problem.value, place, message, hint=hint, of=content, title=title, end=kind.end
        )
        return
    message = BY_DETAIL.get(key, MESSAGES[defect.problem])
    own = HINTS.get(key)
    if defect.problem is Problem.EXPANDS and defect.detail in TOO_MUCH:
        message, own = EXPANDED, TOO_MUCH[defect.detail]
    report.add(defect.problem.value, place, message, hint=own, of=content, detail=defect.detail)


def usable_names(
    names: Mapping[str, Place], own: Mapping[str, Attachment], report: Report
) -> frozenset[str]:
    """Return the attachments that a record names and that count; report those not there.

    ``own`` are the files beside it, by name.
    """
    usable = set()
    for name, place in names.items():
        several = parted(name) if name not in own else ""
        listed = place.pointer[-1:].isdigit()
        if listed and not own.keys().isdisjoint(several.split(", ")):
            text, split = visible(name, SHORT), visible(several)
            report.add(
                "E001", place, RUN_INTO_ONE, hint=SPLIT, text=text, split=split, old=name,
                new=several,
            )  # fmt: skip
        elif name not in own:
            report_unknown(report, "E001", place, name, own, "没有文件“{value}”{nearest}")
        elif own[name].usable:
            usable.add(name)
    return frozenset(usable)
