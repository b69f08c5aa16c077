import { usableCpus } from '../lib/pool/usable-cpus.js'
import { PRESET_OPTION, PRESET_USAGE, parseOptions, parsePreset, runCommand } from './command.js'
import { withPortraits } from './portraits.js'
import { measureMemory, measureProcesses, measureRows, RUNTIME_SIDES } from './runtime-measurements.js'
import { formatRuntimesReport, type RuntimesReport } from './runtimes-report.js'

const USAGE = `Usage: npm run bench:runtimes -- [options]

Times each network at several batch sizes, and a whole pair of photos, on every runtime that loads, in turns on the same
photos, one process and one thread each; then pairs a second with all CPUs, as threads of one process and as processes;
then the memory an inference process takes.

  --preset NAME   of the pair: ${PRESET_USAGE}; all else is measured with the default
  --quick         fewer rounds
  --json          print one JSON object
  --help          print this
`

const THOROUGH = { rounds: 15, leastMilliseconds: 60, throughputRounds: 5, throughputSeconds: 3, comparisons: 50 }
const QUICK = { rounds: 2, leastMilliseconds: 1, throughputRounds: 1, throughputSeconds: 0.5, comparisons: 3 }

async function main(signal: AbortSignal): Promise<void> {
  const { help, preset, quick, json } = parseOptions(process.argv.slice(2), {
    ...PRESET_OPTION,
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  })
  if (help) return void process.stdout.write(USAGE)
  const effort = { ...(quick ? QUICK : THOROUGH), preset: parsePreset(preset) }
  const report = await withPortraits(async (portraits): Promise<RuntimesReport> => {
    const { sides, rows, failed } = await measureRows(RUNTIME_SIDES, portraits, effort, signal)
    const runtimes = [...new Set(sides.flatMap(({ side, runtime }) => (side === 'facemetric' ? [runtime] : [])))]
    return {
      cpus: usableCpus(),
      failed,
      sides,
      rows,
      processes: await measureProcesses(runtimes, portraits, effort, signal),
      memory: await measureMemory(runtimes, portraits, effort.comparisons),
    }
  })
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : formatRuntimesReport(report)}\n`)
}

await runCommand(USAGE, main)
