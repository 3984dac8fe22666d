"""The bubblewrap command line of a sandbox: pure, from a specification to a list of words."""

from collections.abc import Mapping, Sequence

from himalia_sandbox.spec import Sandbox

ME = 1000  # who the code is to itself
NOBODY = 65534

# What programs expect of /etc: certificates, fonts, the loader's cache, time; no account, no key, no service.
_ETC = (
    "alternatives", "bash.bashrc", "ca-certificates", "debian_version", "fonts", "inputrc", "java-17-openjdk", "java-21-openjdk",
    "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "lsb-release", "magic", "mime.types", "nsswitch.conf", "os-release",
    "profile", "profile.d", "protocols", "python3", "python3.11", "python3.12", "python3.13", "R", "services", "skel",
    "ssl/certs", "ssl/openssl.cnf", "terminfo", "texmf", "timezone", "vim",
)  # fmt: skip


def options(sandbox: Sandbox, *, seccomp: int, status: int, files: Mapping[str, int]) -> list[str]:
    """Bubblewrap's options; they hold the environment, so hand them over by `--args`, never in a process's title.

    `seccomp`, `status` and the values of `files` are descriptors that bubblewrap inherits.
    """
    return [
        *_walls(sandbox),
        *("--json-status-fd", str(status)),
        *(() if sandbox.nests else ("--seccomp", str(seccomp))),
        *_system(),
        *_temporary(sandbox),
        *_files(files),
        *_binds(sandbox),
        # Else the code could fill the root of the sandbox, a tmpfs that has no size.
        *("--remount-ro", "/dev", "--remount-ro", "/"),
        *_environment(sandbox),
        *("--chdir", sandbox.directory),
    ]


def accounts(sandbox: Sandbox) -> dict[str, str]:
    """The account files that the code sees: itself, and nobody of the machine."""
    return {
        "/etc/passwd": f"me:x:{ME}:{ME}::{sandbox.home}:/bin/bash\nnobody:x:{NOBODY}:{NOBODY}::/:/usr/sbin/nologin\n",
        "/etc/group": f"me:x:{ME}:\nnogroup:x:{NOBODY}:\n",
        "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
    }


def as_person(uid: int | None) -> list[str]:
    """The words that give up root for `uid`, with every capability; none when there is nothing to give up."""
    if uid is None:
        return []
    return [
        *("/usr/bin/setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"),
        *("--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"),
    ]


def inner(argv: Sequence[str], *, processes: int | None) -> list[str]:
    """The command as it runs inside: no core dumps and, where no control group counts them, a number of processes."""
    # Set inside the user namespace, the number counts this sandbox alone, not all processes of the same uid.
    limit = [] if processes is None else [f"--nproc={processes}"]
    return ["/usr/bin/prlimit", "--core=0", *limit, "--", *argv]


def _walls(sandbox: Sandbox) -> list[str]:
    # Never both: as process 1 the command would not hear of its parent's end.
    life = "--die-with-parent" if sandbox.die_with_parent else "--as-pid-1"
    return [
        *("--unshare-all", "--unshare-user", "--new-session", "--cap-drop", "ALL"),
        *(() if sandbox.nests else ("--disable-userns",)),
        *("--uid", str(ME), "--gid", str(ME), "--hostname", "himalia"),
        life,
    ]


def _system() -> list[str]:
    merged = [word for name in ("bin", "sbin", "lib", "lib64") for word in ("--symlink", f"usr/{name}", f"/{name}")]
    etc = [word for name in _ETC for word in ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")]
    return ["--ro-bind", "/usr", "/usr", *merged, *etc, "--proc", "/proc", "--dev", "/dev"]


def _temporary(sandbox: Sandbox) -> list[str]:
    sized = sandbox.temporary.items()
    return [word for path, size in sized for word in ("--perms", "1777", "--size", str(size), "--tmpfs", path)]


def _files(files: Mapping[str, int]) -> list[str]:
    return [word for path, fd in files.items() for word in ("--perms", "0444", "--ro-bind-data", str(fd), path)]


def _binds(sandbox: Sandbox) -> list[str]:
    """Writable folders come last but one: a read-only one may lie inside them only if it is named after."""
    kinds = (("--bind", sandbox.writable), ("--ro-bind", sandbox.read_only))
    return [word for kind, binds in kinds for bind in binds for word in (kind, str(bind.source), bind.inside)]


def _environment(sandbox: Sandbox) -> list[str]:
    pairs = sandbox.environment.items()
    return ["--clearenv", *(word for name, value in pairs for word in ("--setenv", name, value))]
