"""The parts of capture files, put together by hand: what a sound file has, and what only a damaged one has."""

from struct import pack

DATA = bytes(range(60))


def pcap(*records, order="<", magic=0xA1B2C3D4, version=(2, 4), snap_length=65_535, link_type=1):
    header = pack(order + "IHHiIII", magic, *version, 0, 0, snap_length, link_type)
    return header + b"".join(records)


def record(data=DATA, *, order="<", seconds=1, fraction=5, captured=None, length=None, extra=b""):
    captured = len(data) if captured is None else captured
    return pack(order + "IIII", seconds, fraction, captured, captured if length is None else length) + extra + data


def block(kind, body, *, order="<", length=None, again=None):
    body += bytes(-len(body) % 4)
    true = len(body) + 12
    return pack(order + "II", kind, length or true) + body + pack(order + "I", again or true)


def option(code, value, *, order="<", length=None):
    return pack(order + "HH", code, len(value) if length is None else length) + value + bytes(-len(value) % 4)


def section(options=b"", *, order="<", version=(1, 0), magic=0x1A2B3C4D):
    return block(0x0A0D0D0A, pack(order + "IHHq", magic, *version, -1) + options, order=order)


def interface(options=b"", *, order="<", link_type=1, snap_length=0):
    return block(1, pack(order + "HHI", link_type, 0, snap_length) + options, order=order)


def enhanced(data=DATA, options=b"", *, order="<", interface=0, time=10**15, captured=None, length=None):
    captured = len(data) if captured is None else captured
    head = pack(order + "IIIII", interface, time >> 32, time & 0xFFFFFFFF, captured, length or captured)
    return block(6, head + data + bytes(-len(data) % 4) + options, order=order)


def obsolete(data=DATA, options=b"", *, order="<", interface=0, time=10**15):
    head = pack(order + "HHIIII", interface, 0xFFFF, time >> 32, time & 0xFFFFFFFF, len(data), len(data))
    return block(2, head + data + bytes(-len(data) % 4) + options, order=order)


def simple(data=DATA, *, order="<", length=None):
    return block(3, pack(order + "I", len(data) if length is None else length) + data, order=order)
