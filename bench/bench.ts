import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BENCH_USAGE, parseBenchOptions } from './bench-options.js'
import { formatBenchReport, makeBenchReport } from './bench-report.js'
import { runCommand } from './command.js'
import { compareSides } from './compare-sides.js'
import { measureHttp } from './http-load.js'
import { writePortraits } from './portraits.js'

async function main(signal: AbortSignal): Promise<void> {
  const options = parseBenchOptions(process.argv.slice(2))
  if (options === undefined) {
    process.stdout.write(BENCH_USAGE)
    return
  }
  const { rows, http, runtime, effort, json } = options
  const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-bench-'))
  try {
    const portraits = await writePortraits(folder)
    const comparison = rows.length > 0 ? await compareSides(options, portraits, signal) : undefined
    const load = http ? await measureHttp({ runtime, seconds: effort.httpSeconds, signal }) : undefined
    const report = makeBenchReport(comparison, load)
    process.stdout.write(`${json ? JSON.stringify(report, null, 2) : formatBenchReport(report)}\n`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

await runCommand(BENCH_USAGE, main)
