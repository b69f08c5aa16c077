import { BENCH_USAGE, parseBenchOptions } from './bench-options.js'
import { formatBenchReport, makeBenchReport } from './bench-report.js'
import { runCommand } from './command.js'
import { compareSides } from './compare-sides.js'
import { measureHttp } from './http-load.js'
import { withPortraits } from './portraits.js'

async function main(signal: AbortSignal): Promise<void> {
  const options = parseBenchOptions(process.argv.slice(2))
  if (options === undefined) {
    process.stdout.write(BENCH_USAGE)
    return
  }
  const { rows, http, runtime, effort, json } = options
  const comparison =
    rows.length > 0 ? await withPortraits((portraits) => compareSides(options, portraits, signal)) : undefined
  const load = http ? await measureHttp({ runtime, seconds: effort.httpSeconds, signal }) : undefined
  const report = makeBenchReport(comparison, load)
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : formatBenchReport(report)}\n`)
}

await runCommand(BENCH_USAGE, main)
