"""Each rule of the scalars that are strings, as AppSync documents it."""

import json
from typing import Any

import pytest

from schema.scalars import SCALARS
from tests.schema.scalars.echo import Refused, echo_literal, echo_variable

ACCEPTED = {
    "AWSDate": [
        "1970-01-01",
        "1970-01-01Z",
        "1970-01-01-07:00",
        "1970-01-01+05:30",
        "1970-01-01+05:30:15",
        "-2017-05-01",
        "-9999-01-01",
        "9999-12-31",
        "0000-02-29",
        "2000-02-29",
        "2024-02-29",
        "-0004-02-29",
        "1970-01-01+18:00",
    ],
    "AWSTime": [
        "12:30",
        "12:30Z",
        "00:00",
        "23:59:59",
        "12:30:24-07:00",
        "12:30:24.5Z",
        "12:30:24.500+05:30",
        "12:30:24.500+05:30:10",
        "12:00:00.123456789",
        "12:00:34.",
    ],
    "AWSDateTime": [
        "2024-01-01T00:00:00Z",
        "1970-01-01T12:00Z",
        "1930-01-01T16:00:00-07:00",
        "1970-01-01T12:00:00.123456789Z",
        "-2017-05-01T12:00:00+05:30:15",
        "2024-02-29T23:59:59.999Z",
        "2024-12-31T23:59:59Z",
        "2024-12-28T23:59:59.1Z",
    ],
    "AWSEmail": [
        "username@example.com",
        "user.name+tag@mail.example.co.uk",
        "a@b.c",
        "user@localhost",
        "o'hara@example.test",
        "jürgen@example.com",
        "user@bücher.example",
        '"a b"@example.com',
    ],
    "AWSURL": [
        "https://www.amazon.com/dp/B000NZW3KC/",
        "http://localhost/",
        "http://localhost:8080/?next=//b",
        "https://x.com",
        "https://x.com/a?b=http://c//d#//",
        "https://example.com/%C3%A9",
        "https://bücher.example/é",
        "http://[::1]:80/",
        "mailto:a@b.c",
        "file:///etc/hosts",
        "urn:isbn:0451450523",
        "custom+scheme.1://x",
    ],
    "AWSPhone": [
        "+1 555 764 4377",
        "555-764-4377",
        "5557644377",
        "1-555-764-4377",
        "+1-555 764-4377",
        "+44 20 7946 0018",
        "+49 30 901820",
        "+867512345678",
    ],
    "AWSIPAddress": [
        "127.0.0.1",
        "127.0.0.1/8",
        "123.45.67.89/16",
        "0.0.0.0/0",
        "255.255.255.255/32",
        "1a2b:3c4b::1234:4567",
        "::1",
        "::ffff:1.2.3.4",
        "2001:db8::/32",
        "::/128",
    ],
}

REFUSED = {
    "AWSDate": [
        ("1970-1-1", "write YYYY-MM-DD"),
        ("1970-02-30", "that month has no day 30; it ends on day 28"),
        ("1900-02-29", "ends on day 28"),
        ("2024-02-30", "ends on day 29"),
        ("1970-04-31", "ends on day 30"),
        ("1970-13-01", "there is no month 13"),
        ("1970-00-01", "there is no month 0"),
        ("1970-01-00", "has no day 0"),
        ("-0000-01-01", "the year 0 has no sign"),
        ("1970-01-01T00:00Z", "write YYYY-MM-DD"),
        ("+1970-01-01", "write YYYY-MM-DD"),
        ("1970-01-01z", "write YYYY-MM-DD"),
        ("1970-01-01+5", "write YYYY-MM-DD"),
        ("1970-01-01+05:60", "offset go from 00 to 59"),
        ("1970-01-01+18:01", "offsets go from -18:00 to +18:00"),
        ("1970-01-01 ", "write YYYY-MM-DD"),
        ("1970-01-01\n", "write YYYY-MM-DD"),
        ("١٩٧٠-01-01", "write YYYY-MM-DD"),
        ("", "write YYYY-MM-DD"),
    ],
    "AWSTime": [
        ("25:00", "hours go from 00 to 23"),
        ("24:00", "hours go from 00 to 23"),
        ("12:60", "minutes and seconds go from 00 to 59"),
        ("12:30:60", "minutes and seconds go from 00 to 59"),
        ("12", "write hh:mm"),
        ("1:30", "write hh:mm"),
        ("12:30.5", "write hh:mm"),
        ("12:30:24.1234567890", "write hh:mm"),
        ("12:30+0530", "write hh:mm"),
        ("12:30:24-19:00", "offsets go from"),
    ],
    "AWSDateTime": [
        ("1970-01-01T12:00:00", "an offset, Z or ±hh:mm, which is required"),
        ("1970-01-01 12:00:00Z", "write YYYY-MM-DDThh:mm"),
        ("1970-01-01T12Z", "write YYYY-MM-DDThh:mm"),
        ("1970-01-01", "write YYYY-MM-DDThh:mm"),
        ("1970-02-29T12:00Z", "ends on day 28"),
        ("1970-02-29T12:00:00Z", "ends on day 28"),
        ("1970-00-01T12:00:00Z", "there is no month 0"),
        ("1970-13-01T12:00:00Z", "there is no month 13"),
        ("1970-01-00T12:00:00Z", "no day 0"),
        ("1970-01-01T24:00:00Z", "hours go from 00 to 23"),
        ("1970-01-01T12:60:00Z", "minutes and seconds go from 00 to 59"),
        ("1970-01-01T12:00:60Z", "minutes and seconds go from 00 to 59"),
        ("1970-01-01T12:00:00.Z\n", "write YYYY-MM-DDThh:mm"),
        ("1970-01-01T24:00Z", "hours go from 00 to 23"),
        ("1970-01-01T12:00+99:00", "offsets go from"),
        ("1970-01-01T12:00:00.0000000001Z", "write YYYY-MM-DDThh:mm"),
    ],
    "AWSEmail": [
        ("username", "it has no @"),
        ("", "it has no @"),
        ("@example.com", "before the @"),
        ("a b@example.com", "before the @"),
        ("a@b@example.com", "before the @"),
        (".a@example.com", "before the @"),
        ("a..b@example.com", "before the @"),
        ('"a"b@example.com', "before the @"),
        ("User <user@example.com>", "before the @"),
        ("u\ud800@example.com", "before the @"),
        ("u\x00@example.com", "before the @"),
        ("user@", "after the @"),
        ("user@exa mple.com", "after the @"),
        ("user@example.com\n", "after the @"),
        ("user@-example.com", "after the @"),
        ("user@example..com", "after the @"),
        ("user@example.com.", "after the @"),
        ("user@" + "x" * 64 + ".com", "after the @"),
        ("x" * 65 + "@example.com", "it is too long"),
        ("x@" + "x." * 130 + "com", "it is too long"),
    ],
    "AWSURL": [
        ("amazon.com", "it has no scheme"),
        ("www.amazon.com", "it has no scheme"),
        ("/a/b", "it has no scheme"),
        ("//x.com/", "it has no scheme"),
        ("1http://x.com", "it has no scheme"),
        ("https://x.com/a//b", "its path holds //"),
        ("https://x.com//", "its path holds //"),
        ("https://", "nothing follows the scheme"),
        ("https:", "nothing follows the scheme"),
        ("https:///a", "it has no host"),
        ("https://:80/", "it has no host"),
        ("https://x.com:99999/", "Port out of range"),
        ("https://x.com:abc/", "Port could not be cast"),
        ("https://x.com:0/", "there is no port 0"),
        ("https://x.com/a b", "has to be percent-encoded"),
        ("https://x.com/\n", "has to be percent-encoded"),
        ("https://x.com/%zz", "has to be percent-encoded"),
        ("https://x.com/<", "has to be percent-encoded"),
        ("https://x.com/\x07", "control character"),
        ("https://x.com/\ud800", "control character"),
        ("http://[::1/", "Invalid IPv6"),
        ("", "it has no scheme"),
    ],
    "AWSPhone": [
        ("555-764", "no North American number"),
        ("155-764-4377", "no North American number"),
        ("555-164-4377", "no North American number"),
        ("44 20 7946 0018", "no North American number"),
        ("+1 55 764 4377", "no North American number"),
        ("+0 555 764 4377", "7 to 15 digits"),
        ("+123456", "no North American number"),
        ("+44 123", "7 to 15 digits"),
        ("+4412345678901234", "7 to 15 digits"),
        ("(555) 764-4377", "write digits"),
        ("555.764.4377", "write digits"),
        ("555--764-4377", "write digits"),
        (" 555-764-4377", "write digits"),
        ("555-764-4377-", "write digits"),
        ("+ 1 555 764 4377", "write digits"),
        ("call me", "write digits"),
        ("٥٥٥٧٦٤٤٣٧٧", "write digits"),
        ("", "write digits"),
    ],
    "AWSIPAddress": [
        ("256.0.0.1", "no IPv4 or IPv6 address"),
        ("1.2.3", "no IPv4 or IPv6 address"),
        ("01.2.3.4", "no IPv4 or IPv6 address"),
        ("1.2.3.4/33", "no IPv4 or IPv6 address"),
        ("::1/129", "no IPv4 or IPv6 address"),
        ("1::2::3", "no IPv4 or IPv6 address"),
        ("12345::1", "no IPv4 or IPv6 address"),
        ("[::1]", "without brackets"),
        ("fe80::1%eth0", "without brackets"),
        ("1.2.3.4/255.255.0.0", "without brackets"),
        ("1.2.3.4/016", "without brackets"),
        ("1.2.3.4/", "without brackets"),
        ("localhost", "without brackets"),
        ("", "without brackets"),
    ],
}


def _rows(table: dict[str, list[Any]]) -> list[Any]:
    return [pytest.param(scalar, row, id=f"{scalar}-{row!a}") for scalar, rows in table.items() for row in rows]


@pytest.mark.parametrize(("scalar", "text"), _rows(ACCEPTED))
def test_a_valid_text_goes_in_and_comes_out_as_it_is(scalar: str, text: str) -> None:
    assert echo_variable(scalar, text) == text
    assert echo_literal(scalar, json.dumps(text, ensure_ascii=False)) == text


@pytest.mark.parametrize(("scalar", "row"), _rows(REFUSED))
def test_an_invalid_text_is_refused_with_what_is_wrong(scalar: str, row: tuple[str, str]) -> None:
    text, reason = row
    with pytest.raises(Refused, match=f"is not an {scalar}") as refused:
        echo_variable(scalar, text)
    assert reason in str(refused.value)


@pytest.mark.parametrize("scalar", ACCEPTED)
@pytest.mark.parametrize("value", [1, 1.5, True, [], ["x"], {}])
def test_only_a_string_is_taken(scalar: str, value: Any) -> None:
    with pytest.raises(Refused, match=f"{scalar} takes a string"):
        echo_variable(scalar, value)


@pytest.mark.parametrize("scalar", ACCEPTED)
@pytest.mark.parametrize("literal", ["1", "1.5", "true", "[]", "{}", "9" * 5000])
def test_only_a_string_literal_is_taken(scalar: str, literal: str) -> None:
    with pytest.raises(Refused, match=f"{scalar} takes a string"):
        echo_literal(scalar, literal)


@pytest.mark.parametrize("scalar", ACCEPTED)
@pytest.mark.parametrize("value", ["~", 1, b"x"])
def test_a_value_of_ours_that_is_not_valid_does_not_go_out(scalar: str, value: Any) -> None:
    [definition] = [each for each in SCALARS.values() if each.name == scalar]
    with pytest.raises(Exception, match=f"Unable to serialize `.*` as a valid {scalar}"):
        definition.serialize(value)


def test_every_scalar_says_what_it_is() -> None:
    assert len(SCALARS) == 9
    assert all(definition.description for definition in SCALARS.values())
