#!/usr/bin/env bash
# Makes the base of DATMAN's images from Debian packages, for machines that reach no registry.
#
#   deploy/images/base.sh java|export|pipeline FILE.tar
#
# FILE.tar has the form of `docker save`, which Jib and `docker load` read. Packages come from where the apt of this
# machine gets them; no address of it is in the image. With the same packages and SOURCE_DATE_EPOCH two runs
# write the same bytes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
variant=${1:-}
target=${2:-}
suite=${DATMAN_BASE_SUITE:-bookworm}
packages=openjdk-17-jre-headless,ca-certificates,tzdata
case $variant in
  java) ;;
  # What converts DICOM.
  export) packages+=,dcm2niix,libgdcm-tools ;;
  # What the scripts of the tools of the catalogue are run with; the tools themselves are the lab's.
  pipeline) packages+=,python3-minimal,procps ;;
  *)
    echo "base.sh makes java, export or pipeline, not '$variant'" >&2
    exit 2
    ;;
esac
[ -n "$target" ] || { echo "base.sh needs the file to write: base.sh $variant FILE.tar" >&2; exit 2; }
for program in mmdebstrap tar sha256sum python3; do
  command -v "$program" >/dev/null || { echo "base.sh needs $program: apt-get install mmdebstrap tar coreutils python3-minimal" >&2; exit 1; }
done
target=$(realpath -m -- "$target")
mkdir -p "$(dirname "$target")"
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-0}
user=10001

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/image"

# Java's packages make links to manual pages, whose folder must be there although the pages are left out.
# Addresses of mirrors, the name of this machine and logs are left out of the image; mmdebstrap itself leaves out lists and caches of apt.
mmdebstrap --variant=essential --include="$packages" \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --essential-hook='mkdir -p "$1/usr/share/man/man1"' \
  --customize-hook="echo 'datman:x:$user:$user:DATMAN:/tmp:/usr/sbin/nologin' >>\"\$1/etc/passwd\"" \
  --customize-hook="echo 'datman:x:$user:' >>\"\$1/etc/group\"" \
  --customize-hook='rm -rf "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/* "$1"/etc/*- "$1"/var/cache/debconf/*-old "$1"/var/cache/ldconfig "$1"/var/lib/dpkg/*-old' \
  --customize-hook='rm -f "$1/etc/hostname" "$1/etc/resolv.conf" && find "$1/var/log" -type f -delete' \
  --customize-hook="python3 '$here/keystore-dates.py' \"\$1/etc/ssl/certs/java/cacerts\"" \
  "$suite" "$work/image/layer.tar" </dev/null 2>"$work/log" || {
  tail -n 30 "$work/log" >&2
  exit 1
}

cd "$work/image"
layer=$(sha256sum layer.tar | cut -d' ' -f1)
created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
machine=$(dpkg --print-architecture)
cat >config.json <<JSON
{"architecture":"$machine","os":"linux","created":"$created","config":{"User":"$user:$user","Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","LANG=C.UTF-8","HOME=/tmp"]},"rootfs":{"type":"layers","diff_ids":["sha256:$layer"]},"history":[{"created":"$created","created_by":"deploy/images/base.sh $variant"}]}
JSON
cat >manifest.json <<JSON
[{"Config":"config.json","RepoTags":["datman-base-$variant:$suite"],"Layers":["layer.tar"]}]
JSON
tar --create --file "$work/base.tar" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
  --mode=u=rw,go=r --format=ustar config.json layer.tar manifest.json
mv "$work/base.tar" "$target"
