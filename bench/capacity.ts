/** What is asked of a number of replicas together. */
export interface Demand {
  /** Comparisons a second, arriving independently of each other. */
  readonly comparisonsPerSecond: number
  /** Seconds that 95 of 100 comparisons may wait for an inference process at most. */
  readonly longestWait: number
}

/** What one replica can do. */
export interface Replica {
  readonly processes: number
  /** Comparisons a second that one inference process does. */
  readonly ratePerProcess: number
}

export interface Plan {
  readonly replicas: number
  /** Share of the time that an inference process works. */
  readonly utilization: number
  /** Seconds that 95 of 100 comparisons wait at most. */
  readonly wait95: number
}

/**
 * How likely an arrival finds all servers busy and has to wait: the Erlang C formula for Poisson arrivals, exponential
 * service times and `servers` servers with one queue (A. K. Erlang, 1917), computed from Erlang B's recursion.
 * @param load arrivals a second times the seconds one takes, below `servers`
 */
export function probabilityOfWaiting(servers: number, load: number): number {
  let blocked = 1
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked)
  return blocked / (1 - (load / servers) * (1 - blocked))
}

/** Seconds that a share of the arrivals waits at most in such a queue; infinite where more arrives than can be done. */
export function waitingTime(share: number, { processes, ratePerProcess }: Replica, arrivals: number): number {
  const spare = processes * ratePerProcess - arrivals
  if (spare <= 0) return Number.POSITIVE_INFINITY
  const waiting = probabilityOfWaiting(processes, arrivals / ratePerProcess)
  return Math.max(0, Math.log(waiting / (1 - share)) / spare)
}

/**
 * The fewest replicas that keep the wait short. Each has a queue of its own and gets an equal share at random, which is
 * the worst a proxy can do; and real comparisons vary less in length than is assumed. So it is rather too many than too few.
 */
export function planReplicas({ comparisonsPerSecond, longestWait }: Demand, replica: Replica): Plan {
  const capacity = replica.processes * replica.ratePerProcess
  let replicas = Math.max(1, Math.ceil(comparisonsPerSecond / capacity))
  while (waitingTime(0.95, replica, comparisonsPerSecond / replicas) > longestWait) replicas++
  return {
    replicas,
    utilization: comparisonsPerSecond / replicas / capacity,
    wait95: waitingTime(0.95, replica, comparisonsPerSecond / replicas),
  }
}
