"""The certificate with which a program serves TLS, and which is renewed while it runs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import ssl
import time
from collections.abc import Iterator
from typing import Any

from common.certificate_end import ends_at
from common.process import log

# The kubelet takes up to a minute to update the files of a Secret.
CHECK_SECONDS = 2.0
# A pair that is replaced while it is read.
ATTEMPTS = 3


class CertificateError(Exception):
    """The files contain no certificate with its key."""


class CurrentContext(ssl.SSLContext):
    """Begins each connection with the context of the newest certificate.

    What accepts connections keeps the context that it was given. That cannot load another certificate: it would go on
    with one of another type of key, have no key if the new one does not fit, and change while threads use it.
    """

    current: ssl.SSLContext

    def wrap_bio(self, *arguments: Any, **options: Any) -> ssl.SSLObject:
        """As asyncio begins a connection."""
        return self.current.wrap_bio(*arguments, **options)

    def wrap_socket(self, *arguments: Any, **options: Any) -> ssl.SSLSocket:
        """As other servers do."""
        return self.current.wrap_socket(*arguments, **options)


class Certificate:
    """A certificate with its chain, `tls.crt`, and its key, `tls.key`, as a Secret of type kubernetes.io/tls has them.

    Fails with a CertificateError at the start, when there is none to go on with.
    """

    def __init__(self, folder: str) -> None:
        self.certificate, self.key = os.path.join(folder, "tls.crt"), os.path.join(folder, "tls.key")
        self.context = CurrentContext(ssl.PROTOCOL_TLS_SERVER)
        self.next_check = 0.0
        self.issue: str | None = None
        self.loaded = b""
        # When the certificate in use ends, in seconds since 1970.
        self.ends: float | None = None
        self.load()

    def refresh(self) -> None:
        """Use a renewed certificate for connections to come. Costs nothing if it was called a moment ago."""
        now = time.monotonic()
        if now < self.next_check:
            return
        self.next_check = now + CHECK_SECONDS
        try:
            if self.load():
                log("serves with a renewed certificate")
            self.issue = None
        except CertificateError as error:
            if str(error) != self.issue:
                log(f"{error}; the certificate in use stays")
                self.issue = str(error)

    def load(self) -> bool:
        """Whether the files contain another pair than before, which is in use from now on."""
        try:
            pair = self.read()
            digest = hashlib.sha256(b"\0".join(pair)).digest()
            if digest == self.loaded:
                return False
            context = create_context(*pair)
        except (OSError, ValueError) as error:
            raise CertificateError(
                f"{self.certificate} and {self.key} do not contain a certificate and its key: {error}"
            ) from error
        self.loaded, self.context.current = digest, context
        # One that OpenSSL takes and we cannot read serves all the same.
        self.ends = None
        with contextlib.suppress(ValueError):
            self.ends = ends_at(pair[0])
        return True

    def read(self) -> tuple[bytes, bytes]:
        """Both, of the same renewal: the kubelet replaces their folder at once."""
        for _ in range(ATTEMPTS):
            before, key, after = [read(path) for path in (self.certificate, self.key, self.certificate)]
            if before == after:
                break
        return after, key


def read(path: str) -> bytes:
    """The content of a file."""
    with open(path, "rb") as file:
        return file.read()


def create_context(certificate: bytes, key: bytes) -> ssl.SSLContext:
    """A server's, for TLS 1.2 and newer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with in_memory(certificate) as certificate_path, in_memory(key) as key_path:
        # OpenSSL would ask a terminal for the password of an encrypted key.
        context.load_cert_chain(certificate_path, key_path, password="")
    return context


@contextlib.contextmanager
def in_memory(content: bytes) -> Iterator[str]:
    """A file that is in memory alone: what was read is what is loaded, whatever happens to the files meanwhile."""
    with open(os.memfd_create("certificate"), "wb", buffering=0) as file:
        file.write(content)
        yield f"/proc/self/fd/{file.fileno()}"
