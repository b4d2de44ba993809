"""Run a command under a container's seccomp profile: `python under_seccomp.py PROFILE COMMAND ...`.

Does with libseccomp what a container runtime does with the same file; exits with 77 where there is no libseccomp.
"""

import ctypes
import ctypes.util
import json
import os
import sys
from pathlib import Path
from typing import Any

NO_LIBRARY = 77
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_OPERATORS = {"SCMP_CMP_EQ": 4, "SCMP_CMP_MASKED_EQ": 7}


class Comparison(ctypes.Structure):
    """struct scmp_arg_cmp of seccomp.h."""

    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


def confine(profile: dict[str, Any], library: ctypes.CDLL) -> None:
    """From here on only what the profile lets through, for this process and all that it starts."""
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(_ERRNO | profile["defaultErrnoRet"]))
    for rule in profile["syscalls"]:
        action = _ALLOW if rule["action"] == "SCMP_ACT_ALLOW" else _ERRNO | rule["errnoRet"]
        tests = [
            Comparison(each["index"], _OPERATORS[each["op"]], each["value"], each.get("valueTwo", 0))
            for each in rule.get("args", ())
        ]
        for name in rule["names"]:
            number = library.seccomp_syscall_resolve_name(name.encode("ascii"))
            if number != -1:  # not every architecture has all
                library.seccomp_rule_add_array(context, action, number, len(tests), (Comparison * len(tests))(*tests))
    if library.seccomp_load(context):
        raise OSError("the filter could not be loaded")


if __name__ == "__main__":
    found = ctypes.util.find_library("seccomp")
    if found is None:
        sys.exit(NO_LIBRARY)
    confine(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), ctypes.CDLL(found))
    os.execvp(sys.argv[2], sys.argv[2:])
