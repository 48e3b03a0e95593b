"""Where DynamoDB is, and how to speak to it there."""

import ssl
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import botocore.session
from botocore.utils import normalize_url_path

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Endpoint:
    """`authority` and `path` as a request names them; `tls` is None where the endpoint speaks plain HTTP."""

    host: str
    port: int
    authority: str
    path: str
    region: str
    tls: ssl.SSLContext | None = None


def resolve(session: botocore.session.Session, region: str, endpoint_url: str | None = None) -> Endpoint:
    """The given endpoint, or the one botocore knows: partitions and AWS_ENDPOINT_URL are its business."""
    url = urlsplit(endpoint_url or _known_to_botocore(session, region))
    if url.scheme not in _PORTS or not url.hostname:
        raise ValueError(f"{url.geturl()!r} is no endpoint: it must look like https://host or http://host:port")
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    port = url.port or _PORTS[url.scheme]
    return Endpoint(
        host=url.hostname,
        port=port,
        authority=host if port == _PORTS[url.scheme] else f"{host}:{port}",
        path=quote(normalize_url_path(url.path), safe="/~"),
        region=region,
        tls=_trust(session) if url.scheme == "https" else None,
    )


def _known_to_botocore(session: botocore.session.Session, region: str) -> str:
    """Asks a client that is made for it: the resolving in botocore is not public in any other way."""
    client = session.create_client(
        "dynamodb",
        region_name=region,
        aws_access_key_id="unused",
        aws_secret_access_key="unused",  # noqa: S106 - without any, botocore would look for real ones
    )
    try:
        url: str = client.meta.endpoint_url
    finally:
        client.close()
    return url


def _trust(session: botocore.session.Session) -> ssl.SSLContext:
    """The system's authorities, or those of AWS_CA_BUNDLE."""
    context = ssl.create_default_context(cafile=session.get_config_variable("ca_bundle"))
    context.set_alpn_protocols(["http/1.1"])
    return context
