#!/usr/bin/env bash
# Print what a job logs, one JSON object per line, as it happens; after a broken connection go on where it broke.
#   ASSAY_URL=… ASSAY_API_KEY=… examples/follow-job.sh <id of a job> [<seq of the last event that you have>]
# Ends with the job: with 0 when it is COMPLETED, with 1 when it is not, or when the server refuses.
set -euo pipefail
url=${ASSAY_URL:-http://127.0.0.1:8080}/api/public/v1
job=${1:?give the id of a job}
last=${2:-0}

# The server says something every 15 s, so 45 s of silence are a dead connection.
listen() {
  curl -sS -N --fail-with-body --retry 5 --retry-connrefused --speed-limit 1 --speed-time 45 \
    -H "Last-Event-ID: $last" "$url/jobs/$job/stream" \
    -K <(printf 'header = "Authorization: Bearer %s"\n' "${ASSAY_API_KEY:?}")
}

while :; do
  kind='' data='' id=''
  while IFS= read -r line || [[ -n $line ]]; do
    case $line in
      'event: '*) kind=${line#event: } ;;
      'data: '*) data=${line#data: } ;;
      'id: '*) id=${line#id: } ;;
      # A message counts when the empty line behind it has come: what a break cut in two is sent again.
      '')
        [[ $kind == event ]] && echo "$data"
        if [[ $kind == end ]]; then
          grep -q '"status":"COMPLETED"' <<<"$data" && exit 0
          echo "$data" >&2 && exit 1
        fi
        last=${id:-$last} kind='' data='' id=''
        ;;
      :* | 'retry: '*) ;;
      *) echo "$line" >&2 ;;
    esac
  done < <(listen)
  code=0 && wait $! || code=$?
  # Closed, cut off, empty, silent, reset: the server may be restarting. Everything else has been said by curl.
  case $code in 0 | 18 | 28 | 52 | 56 | 92) sleep 1 ;; *) exit 1 ;; esac
done
