import type { FastifyBaseLogger } from 'fastify'
import fp from 'fastify-plugin'
import { type AddressDetail, tellAddress } from '../lib/client-address.js'
import { pathOf } from '../lib/path-of.js'
import type { Outcome } from './outcomes.js'
import { phasesOf } from './phase-timings.js'

export interface RequestLogOptions {
  /** How much of a client's address a line tells. */
  logAddress: AddressDetail
}

/**
 * One line in the log for each request, when it has ended: what was asked, how it went and how long each part took. Of the
 * photos and the people it tells nothing but whether they were the same; at level debug also how far apart.
 */
export default fp<RequestLogOptions>(
  async (app, { logAddress }) => {
    // Busy clients come again and again, and to read an address takes as long as to count a request.
    let last: { address?: string; told?: string } = {}
    app.outcomes.onOutcome((outcome) => {
      const { request, method, route, status, milliseconds, problem, address } = outcome
      const log = request?.log ?? app.log
      if (address !== last.address) last = { address, told: tellAddress(address, logAddress) }
      const line = {
        method,
        route,
        status,
        milliseconds: toTenths(milliseconds),
        phases: phases(outcome),
        ...verdict(outcome, log),
        code: problem?.code,
        field: problem?.field,
        client: last.told,
        err: status >= 500 ? problem?.cause : undefined,
      }
      log[levelOf(outcome)](line, summary(outcome))
    })
  },
  { name: 'facemetric-request-log', fastify: '5.x', dependencies: ['facemetric-outcomes'] },
)

function verdict({ request, reply }: Outcome, log: FastifyBaseLogger) {
  const inDetail = ['debug', 'trace'].includes(log.level)
  const path = inDetail && request ? pathOf(request.url) : undefined
  if (reply?.comparison === undefined) return { path }
  const { identical, engine, distance, threshold } = reply.comparison
  return { path, identical, engine, ...(inDetail ? { distance, threshold } : {}) }
}

function phases({ reply }: Outcome): Record<string, number> | undefined {
  const phases = reply && phasesOf(reply)
  return phases && Object.fromEntries(Object.entries(phases).map(([phase, time]) => [phase, toTenths(time)]))
}

function toTenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}

/** What is wrong inside is an error, what the service cannot do just now a warning; the rest is everyday. */
function levelOf({ problem, status }: Outcome): 'info' | 'warn' | 'error' {
  if (status < 500) return 'info'
  return problem?.cause === undefined ? 'warn' : 'error'
}

function summary({ method, route, status, milliseconds, problem, reply }: Outcome): string {
  const result = problem?.code ?? (reply?.comparison && (reply.comparison.identical ? 'identical' : 'different'))
  const what = [method, route ?? (method ? 'nowhere' : 'no request'), status].filter((part) => part !== undefined)
  return `${what.join(' ')} in ${Math.round(milliseconds)} ms${result ? `: ${result}` : ''}`
}
