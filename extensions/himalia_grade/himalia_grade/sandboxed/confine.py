"""Walls that a forked process puts around itself: namespaces, small file systems, limits, no privilege, fewer system calls."""

import ctypes
import os
import resource
import struct
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_C = ctypes.CDLL(None, use_errno=True)
_NEW_USER, _NEW_PID, _NEW_MOUNTS, _NEW_IPC = 0x10000000, 0x20000000, 0x00020000, 0x08000000
_NO_SUID_NO_DEV = 0x6
_PRIVATE_RECURSIVE = 0x44000
_BIND_RECURSIVE = 0x5000
_SET_DUMPABLE, _SET_SECCOMP, _DROP_FROM_BOUNDING_SET, _NO_NEW_PRIVILEGES, _DIE_WITH_PARENT, _ADOPT = 4, 22, 24, 38, 1, 36
_SECCOMP_FILTER = 2
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITIES = 64
_INSTRUCTION = 8


def enter_namespaces() -> bool:
    """Leave the processes, mounts and memory segments of the others. False: the kernel does not let us.

    The network is that of the sandbox around all copies: none, and empty again when a copy's processes have ended.

    The caller stays in its process namespace; its next child is process 1 of the new one.
    """
    uid, gid = os.getuid(), os.getgid()
    if _C.unshare(_NEW_USER | _NEW_PID | _NEW_MOUNTS | _NEW_IPC):
        return False
    with suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="ascii")
    return _mount(b"none", b"/", None, _PRIVATE_RECURSIVE, None)


def mount_own_files(temporary: Mapping[str, int], kept: Sequence[str] = ()) -> bool:
    """Empty sized file systems at these places, and a /proc of this namespace where it can be had.

    Folders of `kept` that lie below one of the places are there again afterwards, as they were.
    """
    _mount(b"proc", b"/proc", b"proc", 0xE, None)
    held = {folder: os.open(folder, os.O_PATH | os.O_DIRECTORY) for folder in kept}
    mounted = all(
        _mount(b"tmpfs", os.fsencode(place), b"tmpfs", _NO_SUID_NO_DEV, f"size={size},mode=1777".encode())
        for place, size in temporary.items()
    )
    return mounted and all(_put_back(folder, descriptor) for folder, descriptor in held.items())


def _put_back(folder: str, descriptor: int) -> bool:
    Path(folder).mkdir(parents=True, exist_ok=True)
    done = _mount(f"/proc/self/fd/{descriptor}".encode(), os.fsencode(folder), None, _BIND_RECURSIVE, None)
    os.close(descriptor)
    return done


def die_with_parent() -> None:
    """When the process that forked this one ends, so does this one."""
    _C.prctl(_DIE_WITH_PARENT, 9)


def adopt_orphans() -> None:
    """Be the parent of what the children leave behind, as process 1 is."""
    _C.prctl(_ADOPT, 1, 0, 0, 0)


def hide(*, hidden: bool = True) -> None:
    """No process of the same user may read this one's memory."""
    _C.prctl(_SET_DUMPABLE, int(not hidden), 0, 0, 0)


def limit(*, processes: int | None, data_bytes: int, file_bytes: int) -> None:
    """Limits per process that make a clean Python error of what would otherwise end the copy."""
    # RLIMIT_AS would count what is only reserved and break numpy; RLIMIT_DATA counts what is writable and private.
    walls = {resource.RLIMIT_DATA: data_bytes, resource.RLIMIT_FSIZE: file_bytes, resource.RLIMIT_CORE: 0}
    if processes is not None:
        walls[resource.RLIMIT_NPROC] = processes
    for kind, value in walls.items():
        resource.setrlimit(kind, (value, value))


def give_up_privileges(program: bytes) -> None:
    """No capability, none to be had by any file, and the system calls that `program` (BPF) lets through."""
    for capability in range(_CAPABILITIES):
        _C.prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)
    number = _CAPSET.get(os.uname().machine)
    if number is not None:
        header = struct.pack("Ii", 0x20080522, 0)
        _C.syscall(number, header, struct.pack("6I", *(0,) * 6))
    _C.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if program and _filter(program):
        raise OSError(ctypes.get_errno(), "the system call filter was refused")


def _filter(program: bytes) -> int:
    memory = ctypes.create_string_buffer(program, len(program))
    description = struct.pack("HxxxxxxP", len(program) // _INSTRUCTION, ctypes.addressof(memory))
    status: int = _C.prctl(_SET_SECCOMP, _SECCOMP_FILTER, description, 0, 0)
    return status


def _mount(source: bytes, target: bytes, kind: bytes | None, flags: int, options: bytes | None) -> bool:
    return not _C.mount(source, target, kind, flags, options)
