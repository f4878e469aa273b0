#!/usr/bin/env bash
# The validator of RO-Crates (roc-validator 0.13.0) has profiles of RO-Crate 1.1, 1.2 and 1.3 and of Process Run Crate 0.5, the newest. A Process
# Run Crate whose metadata is of RO-Crate 1.3, or 1.2, satisfies what RO-Crate requires in its version, and what Process Run Crate adds; but
# its profile process-run-crate-0.5 calls it invalid, for the version of RO-Crate alone: it takes in that of 1.1. The same file with 1.1 in
# place of 1.3 is valid. So a check by that profile tells newer crates from broken ones only by the id of what failed, ro-crate-1.1_5.3.
# Needs Python 3.11 and PyPI. Exits 0 while it behaves so.
. "$(dirname "$0")/common/tools.sh"
pypi roc-validator==0.13.0 rocrate==0.16.0
cd "$work"
mkdir crate
echo 1 >crate/in.txt
echo 2 >crate/out.txt
cat >crate.py <<'PY'
import io, json, pathlib, sys
import rdflib.plugins.shared.jsonld.context as contexts
import requests, rocrate, urllib3
from rocrate_validator import models, services

version = sys.argv[1]
profile = "https://w3id.org/ro/wfrun/process/0.5"
graph = [
    {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"},
     "conformsTo": {"@id": "https://w3id.org/ro/crate/" + version}},
    {"@id": "./", "@type": "Dataset", "name": "A run", "description": "A run of a program", "datePublished": "2026-11-30",
     "license": "none is given", "conformsTo": {"@id": profile},
     "hasPart": [{"@id": "in.txt"}, {"@id": "out.txt"}], "mentions": {"@id": "#run"}},
    {"@id": profile, "@type": ["CreativeWork", "Profile"], "name": "Process Run Crate", "version": "0.5"},
    {"@id": "in.txt", "@type": "File", "name": "in.txt"},
    {"@id": "out.txt", "@type": "File", "name": "out.txt"},
    {"@id": "https://example.org/program", "@type": "SoftwareApplication", "name": "program", "version": "1",
     "url": "https://example.org/program"},
    {"@id": "#run", "@type": "CreateAction", "name": "run", "instrument": {"@id": "https://example.org/program"},
     "object": {"@id": "in.txt"}, "result": {"@id": "out.txt"},
     "startTime": "2026-11-30T10:00:00Z", "endTime": "2026-11-30T10:00:01Z"}]
pathlib.Path("crate/ro-crate-metadata.json").write_text(
    json.dumps({"@context": "https://w3id.org/ro/crate/%s/context" % version, "@graph": graph}))

# The context, which it would ask the web for, is in the package rocrate: the answer does not depend on a server.
known = (pathlib.Path(rocrate.__file__).parent / "data/ro-crate.jsonld").read_bytes()
contexts.source_to_json = lambda source, **more: (json.loads(known), None)
requests.adapters.HTTPAdapter.send = lambda self, request, **more: self.build_response(request, urllib3.HTTPResponse(
    io.BytesIO(known), {"Content-Type": "application/ld+json"}, 200, preload_content=False))

found = services.validate(services.ValidationSettings(
    rocrate_uri="crate", no_cache=True, profile_identifier=sys.argv[2], requirement_severity=models.Severity.REQUIRED))
print(" ".join(sorted({issue.check.identifier for issue in found.get_issues()})) or "valid")
PY
check() { "$work/venv/bin/python" crate.py "$@" 2>/dev/null | tail -1; }

"$work/venv/bin/rocrate-validator" --version
for version in 1.1 1.2 1.3; do
  expect "RO-Crate $version by its own profile" valid "$(check $version ro-crate-$version)"
done
expect "Process Run Crate of RO-Crate 1.1" valid "$(check 1.1 process-run-crate-0.5)"
expect "Process Run Crate of RO-Crate 1.2" ro-crate-1.1_5.3 "$(check 1.2 process-run-crate-0.5)"
expect "Process Run Crate of RO-Crate 1.3" ro-crate-1.1_5.3 "$(check 1.3 process-run-crate-0.5)"
exit "$failed"
