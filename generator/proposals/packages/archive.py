"""A ZIP archive as a package may be one: looked at as a whole before a byte of it is unpacked.

Entries lie one behind the other from the first byte to the list at the end, so that nothing is
hidden, shared or told twice. What only huge archives need (ZIP64) is refused.
"""

from __future__ import annotations

import stat
import struct
import zlib
from typing import IO, NamedTuple

from generator.files.attachments.office import RATIO, RATIO_FROM
from generator.proposals.packages.manifest import MAX_FILES, MAX_MANIFEST, PackageError, check_total
from generator.text.messages import say
from generator.text.names import visible

END, ENTRY, LOCAL = (
    struct.Struct("<4s4H2LH"),
    struct.Struct("<4s6H3L5H2L"),
    struct.Struct("<4s5H3L2H"),
)
#: Marks of the parts of an archive; that of a descriptor behind an entry may be left out.
END_MARK, ENTRY_MARK, LOCAL_MARK, DESCRIPTOR = b"PK\5\6", b"PK\1\2", b"PK\3\4", b"PK\7\x08"
MAX_COMMENT = 0xFFFF
#: Entries that stand for folders are counted with the files.
MAX_ENTRIES = 4 * MAX_FILES
#: Bytes of the list at the end: names, and what systems note beside them.
MAX_LIST = 4_000_000
#: Bytes of a name; none that the guard lets pass is as long.
MAX_NAME = 1_000
#: Numbers that mean "see elsewhere" in the small form.
ELSEWHERE = frozenset({0xFFFF, 0xFFFFFFFF})
STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIBED, IN_UTF8 = 0x2041, 0x8, 0x800
#: Flags that say nothing about how an entry is read: how hard it was packed.
HARMLESS = 0x6
#: Attributes of Windows for a device and for a link.
SPECIAL = 0x40 | 0x400
OF_FOLDER = 0x10


class Member(NamedTuple):
    """An entry: its names as text, the likeliest first, where its data begins, how it is packed."""

    names: tuple[str, ...]
    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    start: int = 0

    @property
    def is_folder(self) -> bool:
        """Whether it stands for a folder."""
        return self.raw.endswith(b"/")


def members(file: IO[bytes]) -> list[Member]:
    """Return the entries of an archive, judged; raises PackageError, OSError."""
    length = file.seek(0, 2)
    at, size, count = _end(file, length)
    found = _listed(file, at, size, count)
    for member in found:
        _judge(member)
    check_total(sum(member.size for member in found) - MAX_MANIFEST)
    return _placed(file, found, at)


def unpack(file: IO[bytes], member: Member) -> bytes:
    """Return the content of an entry, never more than it declares; raises PackageError, OSError."""
    file.seek(member.start)
    data = file.read(member.packed)
    if member.method == DEFLATED:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = unpacker.decompress(data, member.size + 1)
        except zlib.error:
            raise _damaged(member) from None
        if not unpacker.eof or unpacker.unused_data or unpacker.unconsumed_tail:
            raise _damaged(member)
    if len(data) != member.size or zlib.crc32(data) != member.crc:
        raise _damaged(member)
    return data


def _end(file: IO[bytes], length: int) -> tuple[int, int, int]:
    """Return where the list begins, its bytes and its number of entries."""
    file.seek(max(0, length - END.size - MAX_COMMENT))
    tail = file.read()
    place = tail.rfind(END_MARK)
    if place < 0 or len(tail) - place < END.size:
        raise PackageError(say("不是 ZIP 压缩包，或没有传完整"))
    _, disk, first, here, count, size, at, comment = END.unpack_from(tail, place)
    end = length - len(tail) + place
    if ELSEWHERE & {disk, first, here, count, size, at}:
        raise PackageError(say("压缩包用了 ZIP64 写法，报送包用不着它"))
    if disk or first or here != count or len(tail) - place != END.size + comment:
        raise _irregular()
    if at + size != end or size > MAX_LIST:
        raise _irregular()
    if not 0 < count <= MAX_ENTRIES:
        raise PackageError(say("压缩包里有 {n} 项，上限 {limit} 个文件", n=count, limit=MAX_FILES))
    return at, size, count


def _listed(file: IO[bytes], at: int, size: int, count: int) -> list[Member]:
    """Return the entries as the list at the end has them."""
    file.seek(at)
    data = file.read(size)
    found, place = [], 0
    for _ in range(count):
        if len(data) - place < ENTRY.size:
            raise _irregular()
        fields = ENTRY.unpack_from(data, place)
        mark, _, _, flags, method, _, _, crc, packed, whole = fields[:10]
        name, extra, comment, disk, _, attributes, offset = fields[10:]
        raw = data[place + ENTRY.size : place + ENTRY.size + name]
        place += ENTRY.size + name + extra + comment
        if mark != ENTRY_MARK or place > len(data) or disk or not 0 < name <= MAX_NAME:
            raise _irregular()
        if ELSEWHERE & {packed, whole, offset}:
            raise PackageError(say("压缩包用了 ZIP64 写法，报送包用不着它"))
        member = Member(
            names_of(raw, utf8=bool(flags & IN_UTF8)),
            raw, flags, method, crc, packed, whole, offset,
        )  # fmt: skip
        _check_mode(member, attributes)
        found.append(member)
    if place != len(data):
        raise _irregular()
    return found


def names_of(raw: bytes, *, utf8: bool) -> tuple[str, ...]:
    """Return what a name may be: UTF-8, or where the archive does not say so also GB 18030."""
    found = []
    for encoding in ("utf-8",) if utf8 or raw.isascii() else ("utf-8", "gb18030"):
        try:
            found.append(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    if not found:
        words = say("压缩包里有名称读不出：{name}", name=visible(raw.decode("latin-1")))
        raise PackageError(words)
    return tuple(found)


def _check_mode(member: Member, attributes: int) -> None:
    """Refuse links, devices and whatever else is neither file nor folder."""
    kind = stat.S_IFMT(attributes >> 16)
    expected = stat.S_IFDIR if member.is_folder else stat.S_IFREG
    folder = bool(attributes & OF_FOLDER) and not member.is_folder
    if kind not in {0, expected} or attributes & SPECIAL or folder:
        raise PackageError(
            say("“{path}”是链接或不是普通文件，报送包里不能有", path=visible(member.names[0]))
        )


def _judge(member: Member) -> None:
    """Refuse what is encrypted, packed in another way, or unpacks to far more than it is."""
    name = visible(member.names[0])
    if member.flags & ENCRYPTED:
        raise PackageError(say("“{path}”加了密码：请不设密码重新压缩", path=name))
    if member.method not in {STORED, DEFLATED}:
        raise PackageError(say("“{path}”的压缩方式不常见：请用普通的 ZIP 重新压缩", path=name))
    if member.flags & ~(DESCRIBED | IN_UTF8 | HARMLESS):
        raise _irregular()
    if member.method == STORED and member.packed != member.size:
        raise _damaged(member)
    if member.size > RATIO_FROM and member.size > RATIO * member.packed:
        raise PackageError(say("“{path}”解开后大得不正常", path=name))
    if member.is_folder and (member.size or member.packed > 2):
        raise _irregular()


def _placed(file: IO[bytes], found: list[Member], end: int) -> list[Member]:
    """Return the entries with the place of their data; they fill the archive up to its list."""
    placed, at = [], 0
    for member in sorted(found, key=lambda member: member.offset):
        if member.offset != at:
            raise _irregular()
        file.seek(at)
        head = file.read(LOCAL.size)
        if len(head) < LOCAL.size:
            raise _irregular()
        mark, _, flags, method, _, _, crc, packed, size, name, extra = LOCAL.unpack(head)
        told = (crc, packed, size)
        known = (member.crc, member.packed, member.size)
        later = bool(member.flags & DESCRIBED)
        if mark != LOCAL_MARK or (flags, method) != (member.flags, member.method):
            raise _irregular()
        if file.read(name) != member.raw or not (told == known or (later and not any(told))):
            raise _irregular()
        start = at + LOCAL.size + name + extra
        at = start + member.packed
        if later:
            at += _descriptor(file, at, struct.pack("<3L", *known))
        if at > end:
            raise _irregular()
        placed.append(member._replace(start=start))
    if at != end:
        raise _irregular()
    return placed


def _descriptor(file: IO[bytes], at: int, known: bytes) -> int:
    """Return the bytes of what stands behind an entry and repeats its figures."""
    file.seek(at)
    behind = file.read(len(DESCRIPTOR) + len(known))
    if behind == DESCRIPTOR + known:
        return len(behind)
    if behind.startswith(known):
        return len(known)
    raise _irregular()


def _irregular() -> PackageError:
    return PackageError(
        say("压缩包的结构不合规矩（多出、重叠或前后不一致）：请重新生成，不要手工改动")
    )


def _damaged(member: Member) -> PackageError:
    words = say("“{path}”已经损坏，或大小与所写的不同", path=visible(member.names[0]))
    return PackageError(words)
