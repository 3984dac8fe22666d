"""The system calls that the code may not make, as a BPF program for bubblewrap."""

import errno
import os
from functools import cache

import pyseccomp

# Keys, kernel tracing, asynchronous rings, mounts, other processes' memory, the machine's clock and modules.
_REFUSED = (
    "add_key", "keyctl", "request_key", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "mount",
    "umount2", "pivot_root", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr",
    "setns", "unshare", "chroot", "swapon", "swapoff", "reboot", "acct", "quotactl", "open_by_handle_at",
    "name_to_handle_at", "lookup_dcookie", "syslog", "iopl", "ioperm", "vhangup", "settimeofday", "clock_settime",
    "clock_adjtime", "adjtimex", "process_vm_readv", "process_vm_writev", "kcmp", "uselib", "ustat", "sysfs",
    "_sysctl", "modify_ldt",
)  # fmt: skip
_NEW_NAMESPACES = (0x10000000, 0x20000, 0x4000000, 0x8000000, 0x20000000, 0x40000000, 0x2000000)
_TERMINAL_INJECTION = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX
_SOCKETS = (1, 2, 10, 16)  # UNIX, INET, INET6, NETLINK
_FAMILIES = 64


@cache
def program() -> bytes:
    """The compiled filter, for this machine's architecture; other architectures' calls end the process."""
    memory = os.memfd_create("filter")
    try:
        with os.fdopen(os.dup(memory), "wb") as file:
            _filter().export_bpf(file)
        return os.pread(memory, os.fstat(memory).st_size, 0)
    finally:
        os.close(memory)


def _filter() -> "pyseccomp.SyscallFilter":
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in _REFUSED:
        if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:
            rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
    # Its flags lie in memory, where a filter cannot look; "no such call" makes the C library use clone.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for flag in _NEW_NAMESPACES:
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    for request in _TERMINAL_INJECTION:
        low_half = pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, request)
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "ioctl", low_half)
    _refuse_other_sockets(rules)
    return rules


def _refuse_other_sockets(rules: "pyseccomp.SyscallFilter") -> None:
    refuse = pyseccomp.ERRNO(errno.EAFNOSUPPORT)
    for family in set(range(_FAMILIES)) - set(_SOCKETS):
        rules.add_rule(refuse, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
    rules.add_rule(refuse, "socket", pyseccomp.Arg(0, pyseccomp.GE, _FAMILIES))
