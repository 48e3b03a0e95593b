"""Where the Chromium is that the tests drive, and how it is started."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")

FLAGS = (
    "--no-sandbox",  # as root in a container there is none
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # the network is cut, but for the server
)


class NoChromium(Exception):  # noqa: N818 - as in datastore/errors.py
    """There is no browser to drive."""


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=_find(playwright), args=FLAGS)


def _find(playwright: Playwright) -> str:
    chosen = os.environ.get("KV_CHROMIUM")
    for name in [chosen] if chosen else [*NAMES, playwright.chromium.executable_path]:
        if path := shutil.which(name):
            return path
    raise NoChromium(
        f"KV_CHROMIUM names {chosen}, which is no program."
        if chosen
        else "The browser tests need Chromium. Run tests/browser/install_chromium.sh, "
        f"or put one of {', '.join(NAMES)} on PATH, or name one in KV_CHROMIUM."
    )
