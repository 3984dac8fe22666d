#!/bin/sh
# Installs what Himalia needs of Debian or Ubuntu, and says what; with `tests`, also what its tests need.
set -eu

missing=""
want() { # want PACKAGE TEST…: the package is missing when the test fails
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
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
[ -n "$missing" ] || exit 0

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
