"""Test the connections of several data sources in one request, and wait for all of them. Standard library only.

    ASSAY_URL=... ASSAY_API_KEY=... python3 start_in_bulk.py <data source> [<data source> ...]
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

BASE = os.environ.get("ASSAY_URL", "http://127.0.0.1:8080") + "/api/public/v3"
KEY = os.environ.get("ASSAY_API_KEY")


def call(method, path, body=None):
    headers = {"Authorization": "Bearer " + KEY, "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def start(items):
    try:
        return call("POST", "/jobs/execute/bulk", items)
    except urllib.error.HTTPError as error:
        # A request of which nothing was accepted is an error, with the outcome of each item in it.
        if error.headers.get_content_type() != "application/json":
            raise
        return json.load(error)


def main(names):
    if not names or not KEY:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    items = [{"name": "TEST_CONNECTION", "type": "START", "payload": {"resourceName": name}} for name in names]
    outcomes = start(items)
    if "data" not in outcomes:
        sys.exit(str(outcomes["message"]))
    failed = 0
    for name, outcome in zip(names, outcomes["data"]):
        status = outcome
        while "_id" in outcome and status["status"] not in ("COMPLETED", "FAILED", "CANCELLED"):
            time.sleep(0.2)
            status = call("GET", "/jobs/" + outcome["_id"] + "/status")
        print(f"{name}: {status['status']} {status['message']}")
        failed += status["status"] != "COMPLETED"
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except urllib.error.HTTPError as error:
        sys.exit(f"{error}: {error.read().decode(errors='replace')}")
    except (urllib.error.URLError, OSError) as error:
        sys.exit(f"{BASE} cannot be reached: {error}")
