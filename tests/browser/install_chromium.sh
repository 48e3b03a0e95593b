#!/bin/sh
# Gets the browser that tests/browser drives, unless there is one already. Where none can be had this script still
# succeeds: the tests that need it then fail and say what to install, and the others run.
set -u

for name in "${KV_CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null; then
        echo "browser tests: $(command -v "$name")"
        exit 0
    fi
done

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Ubuntu's package named chromium is only a pointer to a snap, which does not start in containers.
if [ "$(. /etc/os-release 2>/dev/null && echo "${ID:-}")" = debian ] && as_root true 2>/dev/null; then
    echo "browser tests: installing Debian's chromium"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
        chromium fonts-dejavu-core >/dev/null && exit 0
fi

echo "browser tests: installing playwright's chromium"
"${PYTHON:-python3}" -m playwright install chromium ||
    echo "browser tests: no Chromium was installed; install one and put it on PATH, or name it in KV_CHROMIUM" >&2
exit 0
