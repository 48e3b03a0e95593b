#!/bin/sh
# Gets the browser that tests/browser drives, unless there is one already. Where none can be had this script still
# succeeds: the tests that need it then fail and say what to install, and the others run.
set -u

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_package() {
    echo "browser tests: installing Debian's chromium"
    as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
            chromium fonts-dejavu-core >/dev/null
}

for name in "${KV_CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null; then
        echo "browser tests: $(command -v "$name")"
        exit 0
    fi
done

system=$(. /etc/os-release 2>/dev/null && echo "${ID:-}")
with_deps=
if as_root true 2>/dev/null; then
    case $system in
    debian) install_package && exit 0 ;;
    ubuntu) with_deps=--with-deps ;; # its package chromium is a pointer to a snap, which containers cannot start
    esac
fi

echo "browser tests: installing playwright's chromium"
"${PYTHON:-python3}" -m playwright install $with_deps chromium ||
    echo "browser tests: no Chromium was installed; put one on PATH, or name it in KV_CHROMIUM" >&2
exit 0
