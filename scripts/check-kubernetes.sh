#!/usr/bin/env bash
# Puts the Kubernetes manifests together with kustomize and holds the result against the API's schemas, strictly.
# Needs kubectl (or kustomize) and python3; the validator comes from PyPI into a folder that is removed afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if command -v kubectl >/dev/null; then build=(kubectl kustomize); else build=(kustomize build); fi
command -v "${build[0]}" >/dev/null || { echo 'kubernetes: SKIPPED: neither kubectl nor kustomize is installed'; exit 0; }
{ python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet kubernetes-validate; } ||
  { echo 'kubernetes: SKIPPED: the validator cannot be installed from PyPI'; exit 0; }

cat >"$work/kustomization.yaml" <<END
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [manifests]
components: [manifests/queue-length]
END
cp -r deploy/kubernetes "$work/manifests"
"${build[@]}" "$work/manifests" >"$work/plain.yaml"
"${build[@]}" "$work" >"$work/with-queue-length.yaml"
grep -q facemetric_queue_length "$work/with-queue-length.yaml"
"$work/venv/bin/kubernetes-validate" --strict "$work/plain.yaml" "$work/with-queue-length.yaml"
echo "kubernetes: $(grep -c '^kind:' "$work/plain.yaml") objects are valid"
