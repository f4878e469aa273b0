# To be sourced by the scripts beside it: gets public packages into a temporary folder, $work, that is gone at the end. A package named with a
# version is got in that version; what stands without one, and what packages bring with them, in the newest that the source has.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# Debian packages (NAME or NAME=VERSION), unpacked to $work/debian (not installed). Needs Debian 12's sources.
debian() {
  mkdir -p "$work/debian" "$work/deb"
  (cd "$work/deb" && apt-get download "$@" >/dev/null 2>"$work/apt.log") || { cat "$work/apt.log" >&2; echo "cannot get $*" >&2; exit 2; }
  for package in "$work"/deb/*.deb; do dpkg-deb -x "$package" "$work/debian"; done
  lib=$work/debian/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo x86_64-linux-gnu)
}

# Python packages (NAME==VERSION), in an environment of their own: $work/venv/bin.
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

# Its libraries as Debian 12 has them at the time: security updates replace their versions there, and the old ones are gone.
debian_dcm2niix_packages="dcm2niix=1.0.20220720-1+deb12u1 libopenjp2-7 libturbojpeg0 libyaml-cpp0.7"
