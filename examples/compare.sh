#!/bin/sh
# Whether two photos show the same person. Exit code 0: yes, 1: no, 2: an error.
# usage: compare.sh REFERENCE LIVE, with FACEMETRIC_URL and, where the service needs one, FACEMETRIC_API_KEY
set -u
[ $# -eq 2 ] || {
  echo "usage: $0 REFERENCE LIVE" >&2
  exit 2
}
url=${FACEMETRIC_URL:-http://localhost:5000}

reply=$(curl --silent --show-error --fail-with-body --max-time 60 \
  ${FACEMETRIC_API_KEY:+-H "Authorization: Bearer $FACEMETRIC_API_KEY"} \
  -F "reference_image=@$1" -F "live_image=@$2" "$url/compare") || {
  printf '%s\n' "$reply" >&2
  exit 2
}
printf '%s\n' "$reply"
case $reply in
  '{"identical":true,'*) exit 0 ;;
  '{"identical":false,'*) exit 1 ;;
  *) exit 2 ;; # Something else answered.
esac
