"""An Airflow DAG: every night, look again at what a data source has, then profile it. Needs Airflow 2.4 or later, nothing else.

Set ASSAY_URL, ASSAY_API_KEY and ASSAY_SOURCE (the id of a data source) for the Airflow workers.
"""

import json
import os
import time
import urllib.request
from datetime import datetime, timedelta

from airflow.decorators import dag, task
from airflow.exceptions import AirflowFailException


def call(method, path, body=None, key=None):
    headers = {"Authorization": "Bearer " + os.environ["ASSAY_API_KEY"], "Content-Type": "application/json"}
    if key is not None:
        headers["Idempotency-Key"] = key
    data = None if body is None else json.dumps(body).encode()
    url = os.environ["ASSAY_URL"] + "/api/public/v1" + path
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=60) as answer:
        return json.load(answer)


def run_job(path, body, key):
    """Starts a job and waits for it.

    Retries of the task are for lost connections: with the same key they find the job that runs already. A job that failed
    is not tried again, since Assay has done that by itself; mend the reason and trigger a new run.
    """
    job = call("POST", "/jobs/execute/" + path, body, key)["data"]["_id"]
    while True:
        status = call("GET", "/jobs/" + job + "/status")
        if status["status"] == "COMPLETED":
            return status["message"]
        if status["status"] in ("FAILED", "CANCELLED"):
            raise AirflowFailException(path + ": " + status["status"] + ": " + status["message"])
        time.sleep(1)


@dag(schedule="@daily", start_date=datetime(2026, 1, 1), catchup=False, tags=["assay"])
def assay_nightly():
    @task(retries=2, retry_delay=timedelta(minutes=5))
    def ingest(run_id=None):
        source = os.environ["ASSAY_SOURCE"]
        run_job("metadata/ingest", {"resourceId": source}, run_id + " ingest")
        filters = {"resourceIds": [source], "types": ["RESOURCE"]}
        return call("POST", "/entities/filter?size=1", {"filters": filters})["data"][0]["_id"]

    @task(retries=2, retry_delay=timedelta(minutes=5))
    def profile(root, run_id=None):
        return run_job("data-profiling", {"scope": [root]}, run_id + " profile")

    profile(ingest())


assay_nightly()
