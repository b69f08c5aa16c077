/** Comparisons that may wait, for each process. More would only be answered when nobody waits any more. */
export const QUEUE_PER_WORKER = 4
/** As many, of these, may in any case; during overload no more than it takes for all processes to have work. */
export const LEAST_QUEUE_PER_WORKER = 1
/** Seconds a comparison may take. */
export const DEFAULT_TIMEOUT = 10
/** Megabytes of resident memory one process may take. */
export const DEFAULT_WORKER_MEMORY = 1536
