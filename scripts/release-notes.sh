#!/usr/bin/env bash
# Prints what CHANGELOG.md says about a version; fails where it says nothing: scripts/release-notes.sh 1.2.3
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?which version?}
notes=$(awk -v heading="## [$version]" 'index($0, "## ") == 1 { inside = index($0, heading) == 1; next } /^\[[^]]*\]: / { next } inside' CHANGELOG.md)
if [[ -z ${notes//[[:space:]]/} ]]; then
  echo "CHANGELOG.md says nothing about $version" >&2
  exit 1
fi
echo "$notes"
