import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runCommand } from './command.js'
import { EVALUATE_USAGE, parseEvaluateOptions } from './evaluate-options.js'
import type { SuiteResult } from './suites/suite.js'

async function main(signal: AbortSignal): Promise<void> {
  const parsed = parseEvaluateOptions(process.argv.slice(2))
  if (parsed === undefined) {
    process.stdout.write(EVALUATE_USAGE)
    return
  }
  const { suite, out, json, options } = parsed
  // Before minutes of work: a folder that cannot be written to shows at once.
  if (out !== undefined) await mkdir(out, { recursive: true })
  const result = await suite.run(options, signal)
  process.stdout.write(json ? toJson(result) : `${result.text}\n`)
  if (out !== undefined) await writeResult(suite.name, result, out)
}

async function writeResult(suite: string, result: SuiteResult, folder: string): Promise<void> {
  await writeFile(path.join(folder, `${suite}.json`), toJson(result))
  for (const [plot, svg] of Object.entries(result.plots ?? {})) {
    await writeFile(path.join(folder, `${suite}-${plot}.svg`), svg)
  }
}

function toJson({ data }: SuiteResult): string {
  return `${JSON.stringify(data, null, 2)}\n`
}

await runCommand(EVALUATE_USAGE, main)
