#!/usr/bin/env bash
# Read a source's metadata, then profile everything in it, with nothing but curl.
#   ASSAY_URL=http://127.0.0.1:8080 ASSAY_API_KEY=… examples/ingest-and-profile.sh <name of a data source>
set -euo pipefail
url=${ASSAY_URL:-http://127.0.0.1:8080}/api/public/v1
name=${1:?give the name of a data source}

# The key goes through a file descriptor: on the command line everybody on this machine could read it.
api() {
  local answer
  answer=$(curl -sS --fail-with-body -H 'Content-Type: application/json' "$@" \
    -K <(printf 'header = "Authorization: Bearer %s"\n' "${ASSAY_API_KEY:?}")) || {
    # A refusal says why. The pipe that looks for an id in an answer would swallow that.
    echo "$answer" >&2 && return 1
  }
  echo "$answer"
}

# The first such value in an answer: enough for ids and words. Scripts that read more of it use jq.
pick() { grep -o "\"$1\":\"$2\"" | head -n 1 | cut -d '"' -f 4; }

run() {
  local job answer
  # The answer holds several ids; its message names that of the job.
  job=$(api -X POST "$url/jobs/execute/$1" -d "$2" | grep -o 'accepted as job [0-9a-f]*' | cut -d ' ' -f 4)
  while :; do
    answer=$(api "$url/jobs/$job/status")
    case $(pick status '[A-Z]*' <<<"$answer") in
      COMPLETED) echo "$1: COMPLETED" && return ;;
      FAILED | CANCELLED) echo "$1: $answer" >&2 && return 1 ;;
    esac
    sleep 0.2
  done
}

run metadata/ingest "{\"resourceName\": \"$name\"}"
source=$(api -X POST "$url/data-sources/filter" -d "{\"filters\": {\"resourceNames\": [\"$name\"]}}" | pick _id '[^"]*')
root=$(api -X POST "$url/entities/filter" -d "{\"filters\": {\"resourceIds\": [\"$source\"], \"types\": [\"RESOURCE\"]}}" |
  pick _id '[^"]*')
run data-profiling "{\"scope\": [\"$root\"]}"
