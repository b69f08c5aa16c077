"""Whether two photos show the same person. Exit code 0: yes, 1: no, 2: an error.

usage: python3 compare.py REFERENCE LIVE, with FACEMETRIC_URL and, where the service needs one, FACEMETRIC_API_KEY
"""

import os
import sys

import requests

if len(sys.argv) != 3:
    sys.exit(print("usage: python3 compare.py REFERENCE LIVE", file=sys.stderr) or 2)
url = os.environ.get("FACEMETRIC_URL", "http://localhost:5000")
key = os.environ.get("FACEMETRIC_API_KEY")

try:
    with open(sys.argv[1], "rb") as reference, open(sys.argv[2], "rb") as live:
        response = requests.post(
            f"{url}/compare",
            files={"reference_image": reference, "live_image": live},
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=60,
        )
    reply = response.json()
except (OSError, requests.RequestException) as error:
    sys.exit(print(error, file=sys.stderr) or 2)

if "identical" not in reply:
    print(reply.get("code"), reply.get("field", ""), reply.get("detail"), file=sys.stderr)
    sys.exit(2)
print(reply["identical"], reply["distance"])
sys.exit(0 if reply["identical"] else 1)
