import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import { COMMON_OPTIONS, parseOptions, parseRuntime, RUNTIME_USAGE, UsageError } from './command.js'
import { ROWS, type Row } from './tasks.js'

/** What the measurement through the service is called among the rows. */
const HTTP = 'HTTP'

export const BENCH_USAGE = `Usage: npm run bench -- [options]

Times each network and a whole pair of photos, ours beside face-api as shipped, in turns on the same photos, one process
and one thread each; then the requests a second that the service answers over HTTP.

  --runtime NAME   ours: ${RUNTIME_USAGE}
  --only TEXT      only what has TEXT in its name: ${[...ROWS.map(({ name }) => name), HTTP].join('; ')}
  --quick          fewer rounds
  --json           print one JSON object
  --help           print this

The result goes to standard output, progress to standard error. Close other programs: what else runs is measured too.
`

/** How long is measured. */
export interface Effort {
  readonly rounds: number
  /** Least time a round gives each side. */
  readonly leastMilliseconds: number
  /** For how long requests are counted. */
  readonly httpSeconds: number
}

const THOROUGH: Effort = { rounds: 30, leastMilliseconds: 100, httpSeconds: 20 }
const QUICK: Effort = { rounds: 5, leastMilliseconds: 20, httpSeconds: 3 }

export interface BenchOptions {
  readonly runtime: RuntimeChoice
  readonly rows: readonly Row[]
  readonly http: boolean
  readonly effort: Effort
  readonly json: boolean
}

/**
 * @returns undefined when only help is asked for
 * @throws UsageError naming the option that is wrong
 */
export function parseBenchOptions(args: readonly string[]): BenchOptions | undefined {
  const { help, runtime, only, quick, json } = parseOptions(args, {
    ...COMMON_OPTIONS,
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
  })
  if (help) return undefined
  const isWanted = (name: string) => name.toLowerCase().includes(only.toLowerCase())
  const rows = ROWS.filter(({ name }) => isWanted(name))
  const http = isWanted(HTTP)
  if (rows.length === 0 && !http) throw new UsageError(`--only fits nothing that is measured; got ${only}`)
  return { runtime: parseRuntime(runtime), rows, http, effort: quick ? QUICK : THOROUGH, json }
}
