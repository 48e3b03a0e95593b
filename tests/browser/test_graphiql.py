"""GraphiQL in a real Chromium whose network ends at the server."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit
from transport.graphiql import examples

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one server and one browser for them all


def test_a_first_visit_shows_the_examples_with_the_api_key_filled_in(visit: Visit) -> None:
    assert visit.tabs() == [example.name for example in examples()]
    assert visit.text("query") == examples()[0].query
    assert json.loads(visit.text("headers"))["x-api-key"].startswith("kv_live_")


def test_the_first_example_answers_to_a_click_and_to_ctrl_enter(visit: Visit) -> None:
    by_click = visit.run()
    assert by_click["data"]["me"]["userId"]
    assert visit.run(by_keys=True) == by_click


def test_every_example_runs_as_it_stands_from_left_to_right(visit: Visit) -> None:
    for example in examples():
        visit.open_tab(example.name)
        assert visit.text("query") == example.query
        assert visit.text("variables") == example.variables
        answer = visit.run()
        assert "errors" not in answer, (example.name, answer)
        assert all(answer["data"].values()), (example.name, answer)


def test_the_documentation_explains_a_field_and_its_arguments(visit: Visit) -> None:
    page = visit.page
    page.get_by_label("Show Documentation Explorer").click()
    docs = page.locator(".graphiql-plugin")
    docs.get_by_role("link", name="Mutation", exact=True).click()
    docs.get_by_role("link", name="putKey", exact=True).click()
    expect(docs.locator(".graphiql-markdown-description").first).not_to_be_empty()
    docs.get_by_role("link", name="PutKeyInput", exact=True).click()
    expect(docs.locator(".graphiql-markdown-description").first).not_to_be_empty()


def test_the_explorer_writes_a_query_by_clicks(visit: Visit) -> None:
    page = visit.page
    page.get_by_label("Show GraphiQL Explorer").click()
    page.locator(".graphiql-explorer-root").get_by_text("requestCount").click()
    visit.until(lambda: "requestCount" in visit.text("query"))
    assert "requestCount" in visit.run()["data"]["me"]


def test_the_browser_keeps_the_tabs_but_never_the_api_key(visit: Visit) -> None:
    key = json.loads(visit.text("headers"))["x-api-key"]
    visit.run()
    visit.open_tab("ListKeys")
    visit.until(lambda: visit.stored_tabs()["activeTabIndex"] == 5)
    assert key not in visit.stored()
    visit.reload()
    assert visit.tabs() == [example.name for example in examples()]
    assert visit.page.locator(".graphiql-tab-active").inner_text() == "ListKeys"
    assert json.loads(visit.text("headers"))["x-api-key"] == key
    visit.open_tab("WhoAmI")
    assert json.loads(visit.text("headers"))["x-api-key"] == key
    assert visit.run()["data"]["me"]


def test_an_operation_from_the_history_gets_the_api_key_again(visit: Visit) -> None:
    visit.run()
    visit.reload()
    visit.open_tab("ListKeys")
    visit.page.get_by_label("Show History").click()
    visit.page.locator(".graphiql-history-item-label").first.click()
    visit.page.get_by_label("Hide History").click()
    visit.holds("WhoAmI")
    assert visit.text("query") == examples()[0].query
    assert visit.run()["data"]["me"]


def test_a_page_that_is_reloaded_untouched_is_the_same(visit: Visit) -> None:
    visit.until(lambda: len(visit.stored_tabs()["tabs"]) == len(examples()))
    visit.reload()
    assert visit.tabs() == [example.name for example in examples()]
    assert visit.text("query") == examples()[0].query


def test_clearing_the_stored_data_brings_the_examples_back(visit: Visit) -> None:
    page = visit.page
    page.locator(".graphiql-tab-active .graphiql-tab-close").click()
    expect(page.locator(".graphiql-tab-button")).to_have_count(len(examples()) - 1)
    visit.until(lambda: len(visit.stored_tabs()["tabs"]) == len(examples()) - 1)
    visit.reload()
    assert visit.tabs() == [example.name for example in examples()[1:]]
    page.get_by_label("Open settings dialog").click()
    with visit.loading():
        page.get_by_role("button", name="Clear data").click()
    assert visit.tabs() == [example.name for example in examples()]
    assert visit.text("query") == examples()[0].query


def test_two_windows_that_store_in_turn_make_no_new_tabs(visit: Visit) -> None:
    visit.open_tab("ListKeys")
    visit.until(lambda: visit.stored_tabs()["activeTabIndex"] == 5)
    visit.page.evaluate("localStorage.setItem('kv:graphiql:query', '{ of another window }')")
    visit.reload()
    assert visit.tabs() == [example.name for example in examples()]
    assert visit.text("query") == examples()[5].query
    assert visit.text("variables") == examples()[5].variables


def test_tabs_that_another_graphiql_left_at_this_address_are_not_shown(visit: Visit) -> None:
    tab = {"id": "1", "title": "Theirs", "query": "{ theirs }"}
    tab |= dict.fromkeys(("variables", "headers", "operationName", "response"))
    theirs = {"graphiql:tabState": json.dumps({"activeTabIndex": 0, "tabs": [tab]}), "graphiql:query": "{ theirs }"}
    visit.page.evaluate("theirs => { localStorage.clear(); Object.assign(localStorage, theirs); }", theirs)
    visit.reload()
    assert visit.tabs() == [example.name for example in examples()]


def test_an_api_key_that_is_still_to_be_filled_in_is_not_sent(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Headers").click()
    visit.write("headers", json.dumps({"x-api-key": "", "x-other": "1"}))
    with visit.page.expect_request(lambda request: request.method == "POST") as sent:
        visit.page.locator(".graphiql-execute-button").click()
    assert sent.value.headers["x-other"] == "1"
    assert "x-api-key" not in sent.value.headers
    visit.complaints.clear()  # of the 401 that follows


def test_an_inline_script_is_refused_and_seen_by_these_tests(visit: Visit) -> None:
    visit.page.evaluate("""() => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
    }""")
    assert visit.page.evaluate("window.ran") is None
    assert any("script-src" in complaint for complaint in visit.complaints)
    visit.complaints.clear()
