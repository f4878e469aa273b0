#!/bin/bash
# Whether the broker listens: --bootstrap-server HOST:PORT.
exec 3<>"/dev/tcp/${2%%:*}/${2##*:}"
