"""Certificates for tests, as the kubelet shows those of a Secret: a link to a folder, which is replaced at once."""

from __future__ import annotations

import itertools
import os
import socket
import ssl
import subprocess
from pathlib import Path

RSA, ECDSA = ("rsa:2048",), ("ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")


def create(folder: Path, name: str, key: tuple[str, ...] = ECDSA, *, days: int = 2) -> Path:
    """A folder with tls.crt and tls.key, for a server of this name."""
    made = folder / f"pair-{name}"
    made.mkdir()
    files = ["-keyout", str(made / "tls.key"), "-out", str(made / "tls.crt")]
    subject = ["-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-nodes", "-days", str(days), "-newkey", *key, *subject, *files]
    subprocess.run(command, check=True, capture_output=True)
    return made


class Volume:
    """What the kubelet mounts."""

    def __init__(self, folder: Path, pair: Path) -> None:
        self.folder, self.numbers = folder, itertools.count()
        folder.mkdir()
        self.show(pair)
        for name in ("tls.crt", "tls.key"):
            (folder / name).symlink_to(f"..data/{name}")

    def show(self, pair: Path) -> None:
        """Replace all files at once."""
        version = self.folder / f"..{next(self.numbers)}"
        version.mkdir()
        for name in ("tls.crt", "tls.key"):
            (version / name).write_bytes((pair / name).read_bytes())
        link = self.folder / "..data_tmp"
        link.symlink_to(version.name)
        os.replace(link, self.folder / "..data")


def pem(pair: Path) -> str:
    """The certificate."""
    return (pair / "tls.crt").read_text()


def client_context(*pairs: Path, version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    """A client that accepts these certificates alone."""
    context = ssl.create_default_context(cadata="".join(map(pem, pairs)))
    if version:
        context.minimum_version = context.maximum_version = version
    return context


def served(port: int, *pairs: Path) -> str:
    """The certificate that a server shows to a new connection."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        client_context(*pairs).wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        found = connection.getpeercert(binary_form=True)
    assert found
    return ssl.DER_cert_to_PEM_cert(found)
