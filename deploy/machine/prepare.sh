#!/bin/sh
# Installs what Himalia needs of Debian or Ubuntu, and says what; with `tests`, also what its tests need.
set -eu

missing=""
want() { # want PACKAGE TEST…: the package is missing when the test fails
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

as_administrator() { # fails when nobody here is one
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo "$@"
    else
        return 1
    fi
}

# Ubuntu 24.04 keeps programs from making user namespaces, bubblewrap among them, unless an AppArmor profile allows it.
allow_bubblewrap() {
    [ "$(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns 2>/dev/null)" = 1 ] || return 0
    person=""
    [ "$(id -u)" != 0 ] || person="setpriv --reuid=65534 --regid=65534 --clear-groups"
    ! $person bwrap --unshare-user --ro-bind / / true 2>/dev/null || return 0
    profile=/etc/apparmor.d/himalia-bwrap
    if as_administrator cp deploy/machine/himalia-bwrap.apparmor "$profile" && as_administrator apparmor_parser -r "$profile"; then
        echo "Allowed: bubblewrap may make user namespaces ($profile)"
    else
        echo "himalia: AppArmor keeps bubblewrap from making sandboxes; an administrator copies" >&2
        echo "  deploy/machine/himalia-bwrap.apparmor to $profile and runs \`apparmor_parser -r $profile\`." >&2
        exit 1
    fi
}

want bubblewrap command -v bwrap
want git command -v git
want curl command -v curl
want python3 test -x /usr/bin/python3
want python3-venv /usr/bin/python3 -c 'import ensurepip, venv'
want libseccomp2 sh -c 'ls /lib/*/libseccomp.so.2 /usr/lib/*/libseccomp.so.2 2>/dev/null | grep -q .'
if [ "${1:-}" = tests ]; then
    want chromium test -x /usr/bin/chromium
    want postgresql sh -c 'ls /usr/lib/postgresql/*/bin/initdb'
fi
if [ -z "$missing" ]; then
    allow_bubblewrap
    exit 0
fi

echo "Himalia needs these packages of the system:$missing"
if ! command -v apt-get >/dev/null; then
    echo "himalia: this system has no apt-get; install them with its own tool, then start again." >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    echo "himalia: installing needs an administrator: run \`sudo apt-get install$missing\`, then start again." >&2
    exit 1
fi
log=$(mktemp)
# shellcheck disable=SC2086 - a list of words
if ! { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    echo "himalia: apt-get could not install$missing (is there a network?); $log has the whole story." >&2
    exit 1
fi
rm -f "$log"
echo "Installed:$missing"
allow_bubblewrap
