"""What a process has cost so far: processor time and memory, as Linux counts them. Knows nothing of what it does."""

import os
import resource
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_MIB = 1024 * 1024


def cpu_s(pid: int) -> float:
    """Seconds of processor time of all its threads, in user and kernel mode (proc(5), stat)."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) * _TICK_S


def resident_mib(pid: int) -> float:
    """Its resident set."""
    return _from_rows(Path(f"/proc/{pid}/status"), "VmRSS:")


def proportional_mib(pid: int) -> float:
    """Its share: what it shares with others is divided among them (PSS)."""
    return _from_rows(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")


def own_mib(pid: int) -> float:
    """What it alone has written: no share of libraries, which grows by itself when other programs that use them end."""
    return _from_rows(Path(f"/proc/{pid}/smaps_rollup"), "Private_Dirty:")


def tcp_buffers_mib() -> float:
    """What the kernel holds in the buffers of all TCP sockets of this machine (proc(5), net/sockstat, in pages)."""
    row = next(line for line in Path("/proc/net/sockstat").read_text().splitlines() if line.startswith("TCP:"))
    return int(row.rpartition("mem ")[2]) * os.sysconf("SC_PAGE_SIZE") / _MIB


def children(pid: int) -> list[int]:
    """All processes below it, however deep."""
    direct = [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [each for child in direct for each in (child, *children(child))]


def raise_file_limit() -> int:
    """As many open files as the system lets this process and its children have; gives that number."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def load() -> str:
    """How busy the machine has been in the last minute."""
    return f"load {os.getloadavg()[0]:.1f}"


def _from_rows(file: Path, name: str) -> float:
    row = next(line for line in file.read_text().splitlines() if line.startswith(name))
    return int(row.split()[1]) * 1024 / _MIB
