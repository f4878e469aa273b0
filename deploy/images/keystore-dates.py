#!/usr/bin/env python3
"""Sets the dates of a JKS key store of certificates to 1970 and sorts it, so that the same certificates are the same bytes.

keystore-dates.py FILE: Debian's /etc/ssl/certs/java/cacerts, whose password is 'changeit'. Format: the class JavaKeyStore of
the JDK (sun.security.provider): magic, version 2, count; tag, alias, date, type and certificate of each; a digest.
"""
import hashlib
import struct
import sys

data = open(sys.argv[1], "rb").read()
magic, version, count = struct.unpack(">III", data[:12])
if (magic, version) != (0xFEEDFEED, 2):
    sys.exit(f"{sys.argv[1]} is no JKS key store of version 2")
at = 12
entries = []
for _ in range(count):
    begin = at
    (tag,) = struct.unpack_from(">I", data, at)
    if tag != 2:
        sys.exit(f"{sys.argv[1]} holds more than certificates")
    alias = at + 4
    date = alias + 2 + struct.unpack_from(">H", data, alias)[0]
    kind = date + 8
    certificate = kind + 2 + struct.unpack_from(">H", data, kind)[0]
    at = certificate + 4 + struct.unpack_from(">I", data, certificate)[0]
    entries.append(data[begin:date] + bytes(8) + data[kind:at])
sealed = data[:12] + b"".join(sorted(entries))
digest = hashlib.sha1("changeit".encode("utf-16-be") + b"Mighty Aphrodite" + sealed).digest()
open(sys.argv[1], "wb").write(sealed + digest)
