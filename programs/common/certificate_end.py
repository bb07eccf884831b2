"""When a certificate ends. Python's ssl says it only of the certificate of a peer that it has verified."""

from __future__ import annotations

import ssl
from datetime import datetime, timezone

BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
# Tags of ASN.1: the optional version of a certificate, and the two forms of a time.
VERSION, UTC_TIME, GENERALIZED_TIME = 0xA0, 0x17, 0x18


def ends_at(pem: bytes) -> float:
    """Seconds since 1970, of the first certificate of a chain. Raises ValueError, also for what is no certificate.

    See RFC 5280, 4.1: Certificate, its TBSCertificate, of which the fifth part is the validity.
    """
    text = pem.decode("ascii", "replace")
    first = text[text.index(BEGIN) : text.index(END) + len(END)]
    (_, certificate), _ = element(ssl.PEM_cert_to_DER_cert(first))
    (_, signed), _ = element(certificate)
    (tag, _), rest = element(signed)
    before_validity = 3 if tag == VERSION else 2  # serial number, algorithm, issuer
    for _ in range(before_validity):
        _, rest = element(rest)
    (_, validity), _ = element(rest)
    _, after = element(validity)
    (form, time), _ = element(after)
    return parse_time(form, time.decode("ascii")).timestamp()


def element(data: bytes) -> tuple[tuple[int, bytes], bytes]:
    """The tag and the content of the first element in DER, and what follows it."""
    if len(data) < 2:
        raise ValueError("the certificate is cut short")
    tag, size, start = data[0], data[1], 2
    if size >= 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[2:start], "big")
    if len(data) < start + size:
        raise ValueError("the certificate is cut short")
    return (tag, data[start : start + size]), data[start + size :]


def parse_time(form: int, text: str) -> datetime:
    """A time in either form; until 2049 years have two digits."""
    if form == UTC_TIME:
        text = f"{'20' if int(text[:2]) < 50 else '19'}{text}"
    elif form != GENERALIZED_TIME:
        raise ValueError(f"the certificate has a time of type {form}")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=timezone.utc)
