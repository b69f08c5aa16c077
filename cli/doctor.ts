import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { RUNTIME_NAMES, type RuntimeName } from '../lib/runtime/face-networks.js'
import type { SamplePhotos } from '../lib/sample-photos.js'
import { VERSION } from '../lib/version.js'
import { parseArguments, parseChoice } from './arguments.js'
import { type Look, type Paint, paintFor } from './colours.js'
import { layOptions } from './columns.js'
import type { Command, CommandOption } from './command.js'
import { examineAccess } from './doctor/access.js'
import { examineMachine, examineSettings, examineTempFolder } from './doctor/environment.js'
import { type Finding, find, type Verdict } from './doctor/finding.js'
import { examineDecoder, examineWeights } from './doctor/parts.js'
import { examineChoice, examineRuntime, type RuntimeFinding } from './doctor/runtimes.js'
import { onInterruption } from './interruption.js'
import { StatusLine } from './status-line.js'

const OPTIONS = {
  engine: {
    type: 'string',
    value: 'NAME',
    choices: RUNTIME_NAMES,
    help: `look at this runtime only: ${RUNTIME_NAMES.join(', ')} (default: all; FACEMETRIC_ENGINE has to work)`,
  },
  json: { type: 'boolean', default: false, help: 'print one JSON object' },
} as const satisfies Record<string, CommandOption>

type Report = (finding: Finding) => void

export const doctor: Command = {
  options: OPTIONS,
  operands: 'none',
  help: `Usage: facemetric doctor [options]

Checks that everything the service needs works on this machine, with the settings of the environment: versions, settings,
API keys, every weight file, image decoder, temporary folder, and each runtime, which is loaded in a process of its own and compares
photos of the same and of different people. Says of everything that does not work why.

Options:
${layOptions(OPTIONS)}

Examples:
  facemetric doctor
  FACEMETRIC_ENGINE=tensorflow FACEMETRIC_TEMP_DIR=/run/photos facemetric doctor
  facemetric doctor --json | jq -r '.findings[] | select(.verdict == "failed") | .detail'

Exit code 0: everything needed works, 1: something does not, 2: wrong usage. A runtime that does not load (-) is no failure
as long as another can take its place.
`,
  async run(args) {
    const { json, engine } = parseArguments(args, OPTIONS).values
    const only = engine === undefined ? undefined : parseChoice('--engine', engine, RUNTIME_NAMES)
    const findings: Finding[] = []
    const status = new StatusLine()
    const paint = paintFor(process.stdout)
    const report: Report = (finding) => {
      findings.push(finding)
      if (json) return
      status.clear()
      process.stdout.write(`${describe(finding, paint)}\n`)
    }
    await examine(report, status, only)
    const ok = findings.every(({ verdict }) => verdict !== 'failed')
    if (json) process.stdout.write(`${JSON.stringify({ ok, version: VERSION, findings })}\n`)
    else process.stdout.write(ok ? '\nEverything needed works.\n' : '\nSomething that is needed does not work.\n')
    return ok ? 0 : 1
  },
}

async function examine(report: Report, status: StatusLine, only?: RuntimeName): Promise<void> {
  for (const finding of await examineMachine()) report(finding)
  const { config, findings } = examineSettings(process.env)
  for (const finding of findings) report(finding)
  for (const finding of await examineAccess(config)) report(finding)
  for (const finding of await examineWeights(config)) report(finding)
  report(await examineDecoder())
  report(await examineTempFolder(config.tempDir))
  const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-doctor-'))
  const forget = onInterruption(() => rmSync(folder, { recursive: true, force: true }))
  try {
    let photos: SamplePhotos | undefined
    const written = await find('self-test', 'photos', async () => {
      const { writeSamplePhotos } = await import('../lib/sample-photos.js')
      photos = await writeSamplePhotos(folder)
      return 'two of the same person, one of another'
    })
    report(written)
    const runtimes: RuntimeFinding[] = []
    for (const name of only ? [only] : RUNTIME_NAMES) {
      status.show(`Trying the runtime ${name} …`)
      const finding = await examineRuntime(name, config, photos)
      runtimes.push(finding)
      report(finding)
    }
    report(examineChoice(only ?? config.engine, runtimes))
  } finally {
    status.clear()
    forget()
    await rm(folder, { recursive: true, force: true })
  }
}

const MARKS: Record<Verdict, [Look, string]> = {
  ok: ['green', 'ok  '],
  absent: ['dim', '-   '],
  warning: ['yellow', 'WARN'],
  failed: ['red', 'FAIL'],
}

function describe({ part, name, verdict, detail }: Finding, paint: Paint): string {
  return `${paint(...MARKS[verdict])}  ${part} ${name}: ${detail}`
}
