/**
 * Times and bounds of the engine. The lease is renewed four times before it runs out; takeover after a killed worker is
 * lease + sweep at worst (11 s), inside the 15 s that users are promised.
 */
export const LEASE_MS = 10_000;
export const RENEW_MS = 2_500;
export const SWEEP_MS = 1_000;
/** Between notifications: finds tasks whose back-off ended and notifications lost with a connection. */
export const POLL_MS = 2_000;
export const HEARTBEAT_MS = 3_000;
/** Between two looks for rows past their retention. */
export const PURGE_MS = 3_600_000;
/** Between two looks for what search has not taken in; the end of a task is looked at by itself. */
export const FOLD_MS = 30_000;
/** How long a worker waits for the folding, and so how long that may keep it from stopping. */
export const FOLD_WAIT_MS = 1_000;
/** A worker whose heartbeat is older counts as gone. */
export const WORKER_ALIVE_MS = 12_000;
/** Time between the polite abort and SIGKILL of a task's process. */
export const KILL_GRACE_MS = 2_000;
/** A task that failed so often, each time with an error that may be tried again, has failed. */
export const MAX_FAILURES = 5;
/** A task whose worker was lost so often is taken for the cause. */
export const MAX_ATTEMPTS = 20;

export const TASK_CHANNEL = 'assay_task';
export const CANCEL_CHANNEL = 'assay_cancel';
