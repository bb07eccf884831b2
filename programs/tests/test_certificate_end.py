"""common.certificate_end, compared with what OpenSSL says of the same certificates."""

import random
import ssl
import subprocess

import pytest

from common.certificate_end import ends_at
from tests.certificates import ECDSA, RSA, create

DAYS = (1, 397, 8000, 9500, 100_000)  # from 2050 on, times have another form


@pytest.mark.parametrize("days", DAYS)
@pytest.mark.parametrize("key", [RSA, ECDSA], ids=["RSA", "ECDSA"])
def test_the_end_is_what_openssl_says(tmp_path, days, key):
    made = create(tmp_path, "some", key, days=days)
    command = ["openssl", "x509", "-in", str(made / "tls.crt"), "-noout", "-enddate"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().partition("=")[2]
    pem = (made / "tls.crt").read_bytes()
    assert ends_at(pem) == ssl.cert_time_to_seconds(said)
    # The first of a chain counts, whatever is written around it.
    issuer = (create(tmp_path, "issuer", ECDSA, days=3) / "tls.crt").read_bytes()
    assert ends_at(b"subject=CN=\xc3\xa4\n" + pem + issuer) == ends_at(pem) != ends_at(issuer)


def test_what_is_damaged_ends_with_a_value_error_or_says_something(tmp_path):
    pem = (create(tmp_path, "some") / "tls.crt").read_bytes()
    der = ssl.PEM_cert_to_DER_cert(pem.decode())
    chosen = random.Random(1)
    refused = 0
    for _ in range(2000):
        damaged = bytearray(der[: chosen.choice([len(der), chosen.randrange(len(der))])])
        for _ in range(chosen.randrange(3)):
            if damaged:
                damaged[chosen.randrange(len(damaged))] = chosen.randrange(256)
        try:
            ends_at(ssl.DER_cert_to_PEM_cert(bytes(damaged)).encode())
        except ValueError:
            refused += 1
    assert refused > 500
    for content in (b"", b"text", b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"):
        with pytest.raises(ValueError, match=r"substring|found|cut"):
            ends_at(content)
