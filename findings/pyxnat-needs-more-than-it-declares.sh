#!/usr/bin/env bash
# pyxnat 1.6.4 declares lxml, pathlib and requests only, yet making an Interface imports all its "derivatives", of which some
# need nibabel and pandas: with just what pip installs for it, no connection can be made, before any server is asked.
# Seen with Python 3.11; needs PyPI. Exits 0 while it behaves so.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pyxnat==1.6.4
cat >"$work/connect.py" <<'PY'
import importlib.metadata as metadata
import pyxnat

print("pyxnat", metadata.version("pyxnat"), "requires", sorted(metadata.requires("pyxnat") or []))
try:
    pyxnat.Interface(server="http://127.0.0.1:9", user="nobody", password="none")
    print("an Interface was made")
except Exception as e:
    print(type(e).__name__ + ":", e)
PY
"$work/venv/bin/python" "$work/connect.py" | tee "$work/output"
grep -q "ModuleNotFoundError: No module named 'nibabel'" "$work/output"
