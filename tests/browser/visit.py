"""A visit to GraphiQL: what a person does there, and what the browser complains about meanwhile."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Route, expect

# Chromium tells violations of the policy to the page, which hands them on to us.
REPORT_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', event =>
  console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI}`));
"""

EDITORS = {
    "query": ".graphiql-query-editor",
    "variables": ".graphiql-editor-tool .graphiql-editor:nth-child(1)",
    "headers": ".graphiql-editor-tool .graphiql-editor:nth-child(2)",
    "response": ".result-window",
}


@dataclass
class Visit:
    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("crash", lambda _: self.complaints.append("the page crashed"))
        self.page.route("**/*", self._keep_home)
        self.page.add_init_script(REPORT_VIOLATIONS)
        with self.loading():
            self.page.goto(f"{self.address}/graphql")

    def reload(self) -> None:
        with self.loading():
            self.page.reload()

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Something in the block loads the page; it ends when the page has the schema."""
        with self.page.expect_response(lambda response: _operation(response.request) == "IntrospectionQuery"):
            yield
        expect(self.page.locator(".graphiql-spinner")).to_have_count(0)

    def until(self, condition: Callable[[], bool], *, seconds: float = 10) -> None:
        """Asks again and again; Playwright's own wait_for_function evaluates text, which the policy forbids."""
        deadline = monotonic() + seconds
        while not condition():
            assert monotonic() < deadline, "what the test waits for does not come"
            self.page.wait_for_timeout(20)

    def tabs(self) -> list[str]:
        return self.page.locator(".graphiql-tab-button").all_inner_texts()

    def open_tab(self, title: str) -> None:
        self.page.locator(".graphiql-tab-button").get_by_text(title, exact=True).click()
        self.holds(title)

    def holds(self, operation: str) -> None:
        """GraphiQL takes a tenth of a second to see which operation a new text is; until then it sends the last."""
        self.until(lambda: self.editor("query").evaluate("element => element.CodeMirror.operationName") == operation)
        expect(self.page.locator(".graphiql-tab-active .graphiql-tab-button")).to_have_text(operation)

    def editor(self, name: str) -> Locator:
        return self.page.locator(f"{EDITORS[name]} .CodeMirror")

    def text(self, name: str) -> str:
        text = self.editor(name).evaluate("element => element.CodeMirror.getValue()")
        assert isinstance(text, str)
        return text

    def write(self, editor: str, text: str) -> None:
        self.editor(editor).evaluate("(element, text) => element.CodeMirror.setValue(text)", text)

    def run(self, *, by_keys: bool = False) -> dict[str, Any]:
        """Runs the open tab; the answer, as the page shows it."""
        name = self.page.locator(".graphiql-tab-active").inner_text()
        with self.page.expect_response(lambda response: _operation(response.request) == name) as received:
            if by_keys:
                self.editor("query").click()
                self.page.keyboard.press("Control+Enter")
            else:
                self.page.locator(".graphiql-execute-button").click()
        answer = received.value.json()
        self.until(lambda: self._shows(answer))
        assert isinstance(answer, dict)
        return answer

    def stored(self) -> str:
        """All that the page keeps in the browser."""
        stored = self.page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie")
        assert isinstance(stored, str)
        return stored

    def stored_tabs(self) -> dict[str, Any]:
        tabs = self.page.evaluate("JSON.parse(localStorage.getItem('kv:graphiql:tabState') ?? '{\"tabs\": []}')")
        return {"activeTabIndex": None, **tabs}

    def _shows(self, answer: object) -> bool:
        shown = self.text("response")
        return shown.startswith("{") and json.loads(shown) == answer

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def _keep_home(self, route: Route, request: Request) -> None:
        if urlsplit(request.url)[:2] == urlsplit(self.address)[:2] or request.url.startswith("data:"):
            route.continue_()
        else:
            self.complaints.append(f"asked for {request.url}")
            route.abort()


def _operation(request: Request) -> str | None:
    """The operation that a request runs, if it is one to the API."""
    if request.method != "POST":
        return None
    name = request.post_data_json["operationName"]
    assert isinstance(name, str)
    return name
