"""Snappy in its framing format, unpacked: newer versions of INCEpTION store their annotations in it.

Specification: google/snappy, framing_format.txt and format_description.txt.
"""

from __future__ import annotations

from collections.abc import Iterator

MAGIC = b"\xff\x06\x00\x00sNaPpY"

_PACKED, _PLAIN, _MUST_BE_KNOWN = 0x00, 0x01, 0x80  # sorts of chunks; those from the last on may be passed over
_CHECK = 4  # bytes of a checksum before the data of a chunk
_BLOCK = 65_536  # bytes that a chunk holds at most


def unpacked(data: bytes, most: int) -> bytes:
    """The bytes that were packed. Raises ValueError for what is no such stream, or holds more than `most`."""
    if not data.startswith(MAGIC):
        raise ValueError("no Snappy stream")
    found = bytearray()
    for sort, chunk in _chunks(data):
        if sort == _PLAIN:
            found += chunk[_CHECK:]
        elif sort == _PACKED:
            found += _block(chunk[_CHECK:])
        elif sort < _MUST_BE_KNOWN:
            raise ValueError(f"a chunk of an unknown sort, 0x{sort:02x}")
        if len(found) > most:
            raise ValueError(f"unpacks to more than {most} bytes")
    return bytes(found)


def _chunks(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        end = at + 4 + int.from_bytes(data[at + 1 : at + 4], "little")
        if end > len(data):
            raise ValueError("cut off")
        yield data[at], data[at + 4 : end]
        at = end


def _block(data: bytes) -> bytes:
    """One packed block: stretches that stand there, and copies of what stands before."""
    size, at = _varint(data)
    if size > _BLOCK:
        raise ValueError("a block larger than the format allows")
    found = bytearray()
    while at < len(data):
        tag = data[at]
        if tag & 3:
            length, back, at = _copy(data, at)
            _repeat(found, length, back)
        else:
            start, end = _stretch(data, at)
            found += data[start:end]
            at = end
        if len(found) > size:
            break
    if len(found) != size:
        raise ValueError("a block of another size than it says")
    return bytes(found)


def _varint(data: bytes) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    number = 0
    for at, byte in enumerate(data[:5]):
        number |= (byte & 0x7F) << (7 * at)
        if byte < 0x80:
            return number, at + 1
    raise ValueError("cut off")


def _stretch(data: bytes, at: int) -> tuple[int, int]:
    """Where the bytes stand that a tag announces."""
    length, start = (data[at] >> 2) + 1, at + 1
    if length > 60:
        further = length - 60
        length, start = int.from_bytes(data[start : start + further], "little") + 1, start + further
    if start + length > len(data):
        raise ValueError("cut off")
    return start, start + length


def _copy(data: bytes, at: int) -> tuple[int, int, int]:
    """How much is copied, from how far back, and where the tag ends."""
    tag = data[at]
    width = {1: 1, 2: 2, 3: 4}[tag & 3]
    back = int.from_bytes(data[at + 1 : at + 1 + width], "little")
    if width == 1:
        return ((tag >> 2) & 7) + 4, (tag >> 5) << 8 | back, at + 2
    return (tag >> 2) + 1, back, at + 1 + width


def _repeat(found: bytearray, length: int, back: int) -> None:
    start = len(found) - back
    if not 0 <= start < len(found):
        raise ValueError("a copy of what is not there")
    piece = bytes(found[start : start + length])
    found += (piece * (length // len(piece) + 1))[:length]
