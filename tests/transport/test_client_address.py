"""Where a request comes from: the peer, or what our own proxies say, and never what the caller says."""

import pytest

from transport.client_address import client_ip

PEER = ("192.0.2.1", 50000)


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ([], 0, "192.0.2.1"),
        (["203.0.113.7"], 0, "192.0.2.1"),
        ([], 1, "192.0.2.1"),
        (["203.0.113.7"], 1, "203.0.113.7"),
        (["10.0.0.1, 203.0.113.7"], 1, "203.0.113.7"),
        (["made up", "203.0.113.7,198.51.100.2"], 2, "203.0.113.7"),
        (["203.0.113.7"], 2, "192.0.2.1"),
    ],
)
def test_only_what_our_own_proxies_have_added_is_believed(forwarded: list[str], proxies: int, address: str) -> None:
    assert client_ip(forwarded, PEER, proxies=proxies) == address


def test_over_a_socket_without_addresses_there_is_none() -> None:
    assert client_ip([], None, proxies=0) == ""
