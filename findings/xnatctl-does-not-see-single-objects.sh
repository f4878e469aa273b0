#!/usr/bin/env bash
# xnatctl 0.2.7 tells that a project, a session or a scan is "not found" which the server gives: it looks for the rows of a list
# (ResultSet) where XNAT answers for one object with {"items":[…]}. The server here is a few lines that answer as XNAT does.
# Seen with Python 3.11; needs PyPI. Exits 0 while it behaves so.
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check xnatctl==0.2.7
cat >"$work/server.py" <<'PY'
import http.server
import json

ANSWERS = {
    "/data/JSESSION": ("text/plain", "0123456789ABCDEF0123456789ABCDEF"),
    "/data/auth": ("text/plain", "User 'me' is logged in"),
    "/xapi/users/username": ("text/plain", "me"),
    "/xapi/siteConfig/buildInfo/version": ("text/plain", "1.8.10"),
    "/data/projects": ("application/json", {"ResultSet": {"Result": [
        {"ID": "P", "name": "P", "secondary_ID": "P", "description": "", "pi_firstname": "", "pi_lastname": "",
         "URI": "/data/projects/P"}], "totalRecords": "1"}}),
    "/data/projects/P": ("application/json", {"items": [
        {"children": [], "data_fields": {"ID": "P", "name": "P", "secondary_ID": "P"},
         "meta": {"xsi:type": "xnat:projectData", "isHistory": False}}]}),
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kind, body = ANSWERS.get(self.path.split("?")[0].rstrip("/"), (None, None))
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", kind or "text/plain")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_DELETE = do_GET

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 "$work/server.py" >"$work/port" &
server=$!
for _ in $(seq 50); do [ -s "$work/port" ] && break; sleep 0.1; done
export HOME=$work XNAT_URL=http://127.0.0.1:$(cat "$work/port") XNAT_USER=me XNAT_PASS=mine
xnatctl() { "$work/venv/bin/xnatctl" "$@"; }
xnatctl config init --url "$XNAT_URL" >/dev/null
xnatctl auth login -u me --password mine >/dev/null
echo "$("$work/venv/bin/pip" list 2>/dev/null | grep xnatctl) lists the projects:"
xnatctl project list -o json | tee "$work/list"
echo "and shows the one:"
xnatctl project show P 2>&1 | tee "$work/show" || true
grep -q '"id": "P"' "$work/list"
grep -q "Project not found: P" "$work/show"
