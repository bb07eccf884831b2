"""Answers every HTTP request, and prints its method, path and login. Usage: listener.py ADDRESS PORT...

Prints "listening" once all ports are open.
"""

import http.server
import sys
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        print(self.command, self.path, self.headers.get("Authorization"), flush=True)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        """Nothing on standard error."""


for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"):
    setattr(Handler, f"do_{method}", Handler.answer)

address, *ports = sys.argv[1:]
servers = [http.server.ThreadingHTTPServer((address, int(port)), Handler) for port in ports]
for server in servers[1:]:
    threading.Thread(target=server.serve_forever, daemon=True).start()
print("listening", flush=True)
servers[0].serve_forever()
