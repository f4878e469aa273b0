# To be sourced by the scripts beside it: gets pinned public packages into a temporary folder, $work, that is gone at the end.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# Debian packages of exactly these versions, unpacked to $work/debian (not installed). Needs Debian 12's sources.
debian() {
  mkdir -p "$work/debian" "$work/deb"
  (cd "$work/deb" && apt-get download "$@" >/dev/null 2>"$work/apt.log") || { cat "$work/apt.log" >&2; echo "cannot get $*" >&2; exit 2; }
  for package in "$work"/deb/*.deb; do dpkg-deb -x "$package" "$work/debian"; done
  lib=$work/debian/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo x86_64-linux-gnu)
}

# Python packages of exactly these versions, in an environment of their own: $work/venv/bin.
pypi() {
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" --quiet --disable-pip-version-check install "$@"
}

# Debian 12's dcm2niix, with the libraries it needs.
debian_dcm2niix() { LD_LIBRARY_PATH=$lib "$work/debian/usr/bin/dcm2niix" "$@"; }

# expect NAME EXPECTED ACTUAL
expect() {
  if [ "$2" = "$3" ]; then echo "as found: $1: $3"; else echo "CHANGED: $1: expected '$2', is '$3'"; failed=1; fi
}

debian_dcm2niix_packages="dcm2niix=1.0.20220720-1+deb12u1 libopenjp2-7 libturbojpeg0 libyaml-cpp0.7"
