"""Lets the reference implementation of Boutiques make command lines: cases.py FOLDER prints a JSON list.

The cases are all pairs of a descriptor and an invocation in one folder: of the package's own examples and tests, and below FOLDER.
"""

import contextlib
import glob
import io
import json
import os
import shlex
import sys
import tempfile

import boutiques
from boutiques import bosh


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except (ValueError, UnicodeDecodeError):
        return None
    return content if isinstance(content, dict) else None


def quietly(*arguments):
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            bosh(list(arguments))
    except BaseException:  # a refused invocation ends as SystemExit, too
        return None
    return printed.getvalue()


def simulate(descriptor, invocation):
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        os.chdir(folder)
        printed = quietly("exec", "simulate", "--skip-data-collection", descriptor, "-i", invocation)
        written = {}
        for file in glob.glob("**/*", recursive=True):
            if os.path.isfile(file):
                with open(file, encoding="utf-8") as content:
                    written[file] = content.read()
        os.chdir("/")
    if printed is None:
        return None
    command = printed.split(":\n", 1)[1].rstrip("\n")
    try:
        words = shlex.split(command)
    except ValueError:  # a quote is not closed: no shell would run it
        return {"broken": True}
    return {"folder": folder, "words": words, "written": written}


def main():
    package = os.path.dirname(boutiques.__file__)
    own = os.path.realpath(sys.argv[1])
    cases = []
    for root in (package, own):
        for folder, _, files in sorted(os.walk(root)):
            contents = {name: load(os.path.join(folder, name)) for name in sorted(files) if name.endswith(".json")}
            descriptors = [name for name, content in contents.items() if content and "command-line" in content]
            for name in descriptors:
                path = os.path.join(folder, name)
                valid = quietly("validate", path) is not None
                for other, content in contents.items():
                    if content is not None and other not in descriptors and "properties" not in content:
                        cases.append(
                            {
                                "name": os.path.relpath(path, root) + " " + other,
                                "descriptor": path,
                                "invocation": os.path.join(folder, other),
                                "own": root == own,
                                "valid": valid,
                                "result": simulate(path, os.path.join(folder, other)),
                            }
                        )
    json.dump(cases, sys.stdout)


main()
