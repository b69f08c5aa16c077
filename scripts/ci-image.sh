#!/usr/bin/env bash
# For CI: builds, starts and asks the slim image where that can be done; says so and passes where it cannot.
# BASE_IMAGE_SCRIPT names a program that makes the Dockerfile's base image on machines without a container registry.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() {
  echo "image: SKIPPED: $1"
  exit 0
}

make_base=${BASE_IMAGE_SCRIPT:-../shared/docker/base-image.sh}
[[ $(uname -s) == Linux ]] || skip 'containers are a matter of Linux'
[[ $(id -u) == 0 ]] || skip 'building images takes root'
unshare --mount --pid --fork true 2>/dev/null || skip 'this machine allows no namespaces'
[[ -x $make_base || -r $make_base ]] || skip 'no base image: set BASE_IMAGE_SCRIPT, or run npm run test:image where a registry can be reached'
bash "$make_base" || skip 'the base image cannot be made here'
command -v buildah >/dev/null || skip 'buildah is not installed'

npm run test:image -- --target slim "$@"
