"""Serves by HTTPS what an OpenID provider says of itself: provider_documents.py ISSUER ADDRESS CERTIFICATE KEY."""

import http.server
import json
import ssl
import sys
from urllib.parse import urlsplit

issuer, address, certificate, key = sys.argv[1:]
path = urlsplit(issuer).path
DOCUMENTS = {
    f"{path}/.well-known/openid-configuration": {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    },
    f"{path}/keys": {"keys": []},
}


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with a document."""

    def do_GET(self):
        """Answer one request."""
        document = DOCUMENTS.get(self.path)
        body = json.dumps(document).encode()
        self.send_response(200 if document else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = http.server.ThreadingHTTPServer((address, 443), Handler)
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
