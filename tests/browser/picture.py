"""Takes docs/images/graphiql.png anew: `python -m tests.browser.picture`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch
from tests.browser.server_process import PROJECT, running_server
from tests.browser.visit import Visit
from transport.graphiql import examples

PICTURE = PROJECT / "docs/images/graphiql.png"
SHOWN = "ListKeys"


def main() -> None:
    with TemporaryDirectory() as folder, running_server(Path(folder)) as address, sync_playwright() as playwright:
        page = launch(playwright).new_page(viewport={"width": 1600, "height": 860})
        visit = Visit(page, address)
        visit.begin()
        for example in examples():
            visit.open_tab(example.name)
            visit.run()
            if example.name == SHOWN:
                break
        page.get_by_label("Show Documentation Explorer").click()
        docs = page.locator(".graphiql-plugin")
        docs.get_by_role("link", name="Query", exact=True).click()
        docs.get_by_role("link", name="keys", exact=True).click()
        docs.evaluate("pane => pane.scrollTo(0, 0)")
        page.mouse.move(0, 0)
        page.screenshot(path=PICTURE, animations="disabled")


if __name__ == "__main__":
    main()
