"""What the system refuses, in words of the program: its own are English wherever it runs."""

from __future__ import annotations

import errno

from generator.text.language import mark
from generator.text.messages import Message, say

REASONS = {
    errno.EACCES: mark("没有权限"),
    errno.EPERM: mark("没有权限"),
    errno.EROFS: mark("这里是只读的"),
    errno.ENOSPC: mark("磁盘已满"),
    errno.EDQUOT: mark("超出了磁盘限额"),
    errno.EFBIG: mark("文件超出了允许的大小"),
    errno.ENOENT: mark("没有这个文件或文件夹"),
    errno.ENOTDIR: mark("路径中间有一段不是文件夹"),
    errno.EISDIR: mark("这里是文件夹，不是文件"),
    errno.EEXIST: mark("已经有同名的文件或文件夹"),
    errno.ENAMETOOLONG: mark("文件名太长"),
    errno.ELOOP: mark("链接绕成了圈"),
    errno.EBUSY: mark("正被别的程序使用"),
    errno.EXDEV: mark("不能移到另一个磁盘上"),
    errno.EIO: mark("磁盘读写出错"),
    errno.EMFILE: mark("打开的文件太多"),
    errno.ENFILE: mark("打开的文件太多"),
    errno.ENOMEM: mark("内存不足"),
    errno.EADDRINUSE: mark("这个地址正被别的程序使用，请换一个端口"),
    errno.EADDRNOTAVAIL: mark("这台电脑没有这个地址"),
}


def reason(error: OSError) -> Message:
    """Return why the system refused; its own name for that where we have no words."""
    words = REASONS.get(error.errno or 0)
    if words is not None:
        return say(words)
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return say("系统错误 {name}", name=name)
