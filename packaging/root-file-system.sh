#!/bin/sh
# usage: packaging/root-file-system.sh SUITE TARGET [option of mmdebstrap...]
#
# Makes the root file system of a Debian (SUITE: bookworm, trixie) as a folder or TARGET.tar, from the mirror that this
# machine's own packages come from. Needs root, and mmdebstrap.
set -eu

if [ $# -lt 2 ]; then
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi
suite=$1
target=$2
shift 2

own=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(CREATED_BY) $(REPO_URI)' |
  awk -v suite="$own" '$1 == suite && $2 == "main" && $3 == "Packages" {print $4; exit}')
# Nobody mourns such a root after a power cut: dpkg need not wait for the disk, also when it installs packages in it later.
exec mmdebstrap --variant=minbase --dpkgopt=force-unsafe-io "$@" "$suite" "$target" "$mirror"
