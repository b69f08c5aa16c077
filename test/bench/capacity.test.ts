import t from 'tap'
import { planReplicas, probabilityOfWaiting, waitingTime } from '../../bench/capacity.js'
import { Random } from '../../bench/random.js'

t.test('how likely an arrival waits is what queueing theory says', async (t) => {
  // One server: the share of time it is busy. Two at load 1: 1/3. Both can be worked out by hand.
  t.ok(Math.abs(probabilityOfWaiting(1, 0.7) - 0.7) < 1e-12)
  t.ok(Math.abs(probabilityOfWaiting(2, 1) - 1 / 3) < 1e-12)
  t.equal(probabilityOfWaiting(4, 0), 0)
})

t.test('the wait is that of a simulated queue', async (t) => {
  const replica = { processes: 2, ratePerProcess: 10 }
  const expected = waitingTime(0.95, replica, 15)
  t.ok(Math.abs(simulatedWait(0.95, replica.processes, replica.ratePerProcess, 15) / expected - 1) < 0.05)
  t.equal(waitingTime(0.95, replica, 20), Number.POSITIVE_INFINITY)
  t.equal(waitingTime(0.95, replica, 0.1), 0)
})

t.test('a plan has the fewest replicas that keep the wait short', async (t) => {
  const replica = { processes: 2, ratePerProcess: 10 }
  const demand = { comparisonsPerSecond: 100, longestWait: 0.1 }
  const { replicas, utilization, wait95 } = planReplicas(demand, replica)
  t.ok(wait95 <= 0.1)
  t.ok(waitingTime(0.95, replica, 100 / (replicas - 1)) > 0.1)
  t.ok(Math.abs(utilization - 100 / (replicas * 20)) < 1e-12)
  t.equal(planReplicas({ comparisonsPerSecond: 0.01, longestWait: 1 }, replica).replicas, 1)
})

/** Lets 400,000 customers queue for the first server that is free. */
function simulatedWait(share: number, servers: number, rate: number, arrivals: number): number {
  const random = new Random(1)
  const exponential = (perSecond: number) => -Math.log(1 - random.next()) / perSecond
  const free = new Array<number>(servers).fill(0)
  const waits: number[] = []
  let now = 0
  for (let i = 0; i < 400_000; i++) {
    now += exponential(arrivals)
    const server = free.indexOf(Math.min(...free))
    const start = Math.max(now, free[server])
    waits.push(start - now)
    free[server] = start + exponential(rate)
  }
  return waits.sort((p, q) => p - q)[Math.floor(share * waits.length)]
}
