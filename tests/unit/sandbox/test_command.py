"""The bubblewrap command line, word for word."""

from pathlib import Path

from himalia_sandbox import MEBIBYTE, Bind, Limits, Sandbox
from himalia_sandbox.command import accounts, as_person, inner, options

SANDBOX = Sandbox(
    name="p-abc.intro",
    limits=Limits(512 * MEBIBYTE, 64),
    read_only=(Bind(Path("/srv/env")), Bind(Path("/srv/relay"), "/run/himalia")),
    writable=(Bind(Path("/srv/people/a/home"), "/home/me"),),
    temporary={"/tmp": 1000},
    environment={"TOKEN": "s3cret"},
    directory="/home/me",
)
GOLDEN = """
--unshare-all --unshare-user --new-session --cap-drop ALL --disable-userns --uid 1000 --gid 1000 --hostname himalia --as-pid-1
--json-status-fd 4 --seccomp 3
--ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/sbin /sbin --symlink usr/lib /lib --symlink usr/lib64 /lib64
ETC --proc /proc --dev /dev
--perms 1777 --size 1000 --tmpfs /tmp
--perms 0444 --ro-bind-data 5 /etc/passwd
--bind /srv/people/a/home /home/me --ro-bind /srv/env /srv/env --ro-bind /srv/relay /run/himalia
--remount-ro /dev --remount-ro /
--clearenv --setenv TOKEN s3cret
--chdir /home/me
"""


def test_the_words_are_these() -> None:
    words = options(SANDBOX, seccomp=3, status=4, files={"/etc/passwd": 5})
    etc = [i for i, word in enumerate(words) if word == "--ro-bind-try"]
    shown = [*words[: etc[0]], "ETC", *words[etc[-1] + 3 :]]
    assert shown == GOLDEN.split()


def test_etc_shows_no_account_and_no_key() -> None:
    words = options(SANDBOX, seccomp=3, status=4, files={})
    shown = {word for word in words if word.startswith("/etc")}
    assert not shown & {"/etc", "/etc/passwd", "/etc/shadow", "/etc/ssh", "/etc/ssl", "/etc/ssl/private", "/etc/sudoers"}


def test_every_temporary_folder_has_a_size() -> None:
    words = options(Sandbox("a", Limits(1, 1)), seccomp=3, status=4, files={})
    places = [i for i, word in enumerate(words) if word == "--tmpfs"]
    assert len(places) == 3
    assert all(words[i - 2] == "--size" and int(words[i - 1]) > 0 for i in places)


def test_a_person_gives_up_every_capability() -> None:
    assert as_person(None) == []
    assert as_person(200_001)[1:] == [
        *("--reuid=200001", "--regid=200001", "--clear-groups"),
        *("--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"),
    ]


def test_processes_are_counted_inside_only_without_a_control_group() -> None:
    assert inner(["true"], processes=None) == ["/usr/bin/prlimit", "--core=0", "--", "true"]
    assert inner(["true"], processes=9) == ["/usr/bin/prlimit", "--core=0", "--nproc=9", "--", "true"]


def test_the_code_sees_itself_and_nobody() -> None:
    names = [line.split(":")[0] for line in accounts(SANDBOX)["/etc/passwd"].splitlines()]
    assert names == ["me", "nobody"]


def test_a_sandbox_that_dies_with_its_parent_is_not_process_1() -> None:
    words = options(Sandbox("a", Limits(1, 1), die_with_parent=True), seccomp=3, status=4, files={})
    assert "--die-with-parent" in words
    assert "--as-pid-1" not in words


def test_only_our_own_program_may_nest_and_it_brings_the_filter_itself() -> None:
    words = options(Sandbox("a", Limits(1, 1), nests=True), seccomp=3, status=4, files={})
    assert not {"--disable-userns", "--seccomp"} & set(words)
