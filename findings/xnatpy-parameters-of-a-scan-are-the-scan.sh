#!/usr/bin/env bash
# xnatpy 0.5.1 gives the scan itself for scan.parameters (and likewise for scan.scanner and the scanner of a session), so none of
# its values can be read there: objects are cached by address and field, and the field is replaced by "UNKNOWN" for a scan as for
# its parts. The values are in scan.data. The server here is a few lines that answer as XNAT does.
# Seen with Python 3.11; needs PyPI. Exits 0 while it behaves so.
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check xnat==0.5.1 setuptools==80.9.0
cat >"$work/xnat.xsd" <<'XSD'
<xs:schema targetNamespace="http://nrg.wustl.edu/xnat" xmlns:xnat="http://nrg.wustl.edu/xnat"
           xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
  <xs:element name="MRScan" type="xnat:mrScanData"/>
  <xs:complexType name="abstractResource"><xs:attribute name="label" type="xs:string"/></xs:complexType>
  <xs:complexType name="resource"><xs:complexContent><xs:extension base="xnat:abstractResource"/></xs:complexContent></xs:complexType>
  <xs:complexType name="resourceCatalog"><xs:complexContent><xs:extension base="xnat:resource"/></xs:complexContent></xs:complexType>
  <xs:complexType name="projectData"><xs:attribute name="ID" type="xs:string"/></xs:complexType>
  <xs:complexType name="subjectData"><xs:attribute name="ID" type="xs:string"/></xs:complexType>
  <xs:complexType name="experimentData"><xs:attribute name="ID" type="xs:string"/></xs:complexType>
  <xs:complexType name="subjectAssessorData"><xs:complexContent><xs:extension base="xnat:experimentData"/></xs:complexContent></xs:complexType>
  <xs:complexType name="imageSessionData"><xs:complexContent><xs:extension base="xnat:subjectAssessorData"/></xs:complexContent></xs:complexType>
  <xs:complexType name="imageAssessorData"><xs:complexContent><xs:extension base="xnat:experimentData"/></xs:complexContent></xs:complexType>
  <xs:complexType name="reconstructedImageData"><xs:attribute name="ID" type="xs:string"/></xs:complexType>
  <xs:complexType name="imageScanData">
    <xs:sequence><xs:element name="note" type="xs:string" minOccurs="0"/></xs:sequence>
    <xs:attribute name="ID" type="xs:string" use="required"/><xs:attribute name="type" type="xs:string"/>
  </xs:complexType>
  <xs:complexType name="mrScanData"><xs:complexContent><xs:extension base="xnat:imageScanData"><xs:sequence>
    <xs:element name="parameters" minOccurs="0"><xs:complexType><xs:sequence>
      <xs:element name="tr" type="xs:float" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
</xs:schema>
XSD
cat >"$work/server.py" <<'PY'
import http.server
import json
import sys

ANSWERS = {
    "": "<html></html>",
    "/data/services/auth": "0123456789ABCDEF0123456789ABCDEF",
    "/data/JSESSION": "0123456789ABCDEF0123456789ABCDEF",
    "/data/auth": "User 'me' is logged in",
    "/xapi/siteConfig/buildInfo": {"version": "1.8.10"},
    "/xapi/schemas": ["xnat"],
    "/xapi/schemas/xnat": open(sys.argv[1]).read(),
    "/data/search/elements": {"ResultSet": {"Result": [], "totalRecords": "0"}},
    "/data/experiments/X_E00001/scans/2": {"items": [
        {"children": [], "data_fields": {"ID": "2", "type": "T1", "parameters/tr": 2.5},
         "meta": {"xsi:type": "xnat:mrScanData", "isHistory": False, "start_date": "Mon Jan 05 10:00:00 UTC 2026"}}]},
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = ANSWERS.get(self.path.split("?")[0].rstrip("/"))
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_PUT = do_POST = do_DELETE = do_GET

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 "$work/server.py" "$work/xnat.xsd" >"$work/port" &
server=$!
for _ in $(seq 50); do [ -s "$work/port" ] && break; sleep 0.1; done
cat >"$work/look.py" <<'PY'
import sys
import xnat

with xnat.connect(sys.argv[1], user="me", password="mine", loglevel="ERROR") as session:
    print("xnatpy", xnat.__version__)
    scan = session.create_object("/data/experiments/X_E00001/scans/2")
    print("data:", scan.data["parameters/tr"])
    print("parameters is the scan:", scan.parameters is scan)
    print("parameters has tr:", hasattr(scan.parameters, "tr"))
PY
"$work/venv/bin/python" "$work/look.py" "http://127.0.0.1:$(cat "$work/port")" | tee "$work/output"
grep -q "^data: 2.5" "$work/output"
grep -q "^parameters is the scan: True" "$work/output"
grep -q "^parameters has tr: False" "$work/output"
