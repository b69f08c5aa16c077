import { readFile } from 'node:fs/promises'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { planReplicas } from './capacity.js'
import { parseOptions, runCommand, UsageError } from './command.js'

const USAGE = `Usage: npm run plan -- BENCH.json [options]

Says how many replicas a load takes, from what the bench measured over HTTP: npm run bench -- --only HTTP --json > BENCH.json

  --processes N    inference processes, and CPUs, of one replica; default: 4
  --wait MS        what 95 of 100 comparisons may wait for a free process at most; default: 250
  --kilobytes N    size of a form with two photos; default: 1000
  --memory MB      of one inference process; default: 400
  --help           print this
`

const LOADS = [1, 10, 50, 100, 500, 1000]
/** What a replica needs beside its inference processes: the service itself, and photos in the tmpfs. */
const BASE_MEGABYTES = 300

const ReportSchema = Type.Object({
  machine: Type.Object({ cpu: Type.String() }),
  http: Type.Object({
    engine: Type.String(),
    requests_per_second: Type.Number({ exclusiveMinimum: 0 }),
    inference_processes: Type.Integer({ minimum: 1 }),
  }),
})

async function main(): Promise<void> {
  const [file = '', ...options] = process.argv.slice(2)
  const text = (value: string) => ({ type: 'string', default: value }) as const
  const { help, processes, wait, kilobytes, memory } = parseOptions(
    file.startsWith('--') ? [file, ...options] : options,
    {
      processes: text('4'),
      wait: text('250'),
      kilobytes: text('1000'),
      memory: text('400'),
      help: { type: 'boolean', default: false },
    },
  )
  if (help) return void process.stdout.write(USAGE)
  if (file === '' || file.startsWith('--')) throw new UsageError('the bench report is missing')
  const { machine, http } = Value.Parse(ReportSchema, JSON.parse(await readFile(file, 'utf8')))
  const ratePerProcess = http.requests_per_second / http.inference_processes
  const replica = { processes: positive('processes', processes), ratePerProcess }
  const longestWait = positive('wait', wait) / 1000
  const replicaMegabytes = BASE_MEGABYTES + replica.processes * positive('memory', memory)
  process.stdout.write(
    `${http.engine} on ${machine.cpu}: ${ratePerProcess.toFixed(1)} comparisons a second and process\n` +
      `replicas of ${replica.processes} processes and ${replicaMegabytes} MB; 95 % wait at most ${wait} ms\n\n` +
      '| comparisons a second | replicas | busy | 95 % wait at most | memory | upload |\n|---:|---:|---:|---:|---:|---:|\n',
  )
  for (const comparisonsPerSecond of LOADS) {
    const { replicas, utilization, wait95 } = planReplicas({ comparisonsPerSecond, longestWait }, replica)
    const gigabytes = (replicas * replicaMegabytes) / 1000
    const megabits = (comparisonsPerSecond * positive('kilobytes', kilobytes) * 8) / 1000
    process.stdout.write(
      `| ${comparisonsPerSecond} | ${replicas} | ${Math.round(utilization * 100)} % | ${Math.round(wait95 * 1000)} ms | ` +
        `${gigabytes.toFixed(1)} GB | ${megabits.toLocaleString('en')} Mbit/s |\n`,
    )
  }
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new UsageError(`--${option} takes a number above 0; got '${text}'`)
  return value
}

await runCommand(USAGE, main)
