"""What stand-ins for programs share: arguments that are checked, and a list of calls. Numbers that they write are made up.

STAND_IN_CALLS: file to which each call is added. STAND_IN_FAULT: "fails" ends with an error, "silent" writes nothing and ends well.
STAND_IN_VERSION: the version that the program says it has.
"""
import argparse
import os
import shlex
import struct
import sys

NAME = os.path.basename(sys.argv[0])
FAULT = os.environ.get("STAND_IN_FAULT", "")


def version(usual):
    return os.environ.get("STAND_IN_VERSION", usual)


def stop(text):
    print(f"{NAME}: {text}", file=sys.stderr)
    sys.exit(1)


class Parser(argparse.ArgumentParser):
    """Refuses what it does not know, and abbreviations."""

    def __init__(self):
        super().__init__(prog=NAME, allow_abbrev=False, add_help=False)

    def error(self, message):
        stop(message)


def called():
    """Adds this call to the list; faults that a test asked for happen here."""
    with open(os.environ.get("STAND_IN_CALLS", os.devnull), "a") as calls:
        calls.write(shlex.join([NAME, *sys.argv[1:]]) + "\n")
    if FAULT == "fails":
        stop("cannot go on")
    if FAULT == "silent":
        sys.exit(0)


def there(*paths):
    for path in paths:
        if not os.path.exists(path):
            stop(f"{path} is not there")


def write(path, content):
    folder = os.path.dirname(path)
    if folder:
        os.makedirs(folder, exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def floats(*values):
    return struct.pack(f">{len(values)}f", *values)


def doubles(*values):
    return struct.pack(f">{len(values)}d", *values)
