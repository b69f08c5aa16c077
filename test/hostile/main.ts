/** `npm run test:hostile`: sends thousands of bad uploads to the started service and looks whether it minds. */
import { parseArgs } from 'node:util'
import { usableCpus } from '../../lib/pool/usable-cpus.js'
import { besiege, type Condition, type Siege } from './siege.js'

const USAGE = `npm run test:hostile -- [--uploads 5000] [--seed N] [--json]

Sends bad uploads, made from real photos and the seed, to a service it starts. Exit code 1 when one was answered other than
4xx or a closed connection, or when anything of them is left.`
/** How much more memory may be in use in the end than after the first quarter. */
const MEMORY_GROWTH = 0.1

const { values } = parseArgs({
  options: {
    uploads: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
} else {
  const [uploads, seed] = [Number(values.uploads), Number(values.seed)]
  console.error(`seed ${seed}`)
  const started = performance.now()
  const onProgress = (done: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${uploads}`)
  }
  const siege = await besiege({ seed, uploads, clients: usableCpus(), slow: true, onProgress })
  if (process.stderr.isTTY) process.stderr.write('\n')
  const complaints = complain(siege)
  const seconds = Math.round((performance.now() - started) / 1000)
  if (values.json) console.log(JSON.stringify({ seed, seconds, complaints, ...siege, wrong: namesOf(siege) }, null, 2))
  else print(siege, complaints, seconds)
  process.exitCode = complaints.length > 0 ? 1 : 0
}

function complain({ conditions, wrong, avoidableDeaths }: Siege): string[] {
  const [start, warm] = conditions
  const end = conditions[conditions.length - 1]
  const complaints = wrong.map(({ name, outcome }) => `${name}: ${outcome}`)
  complaints.push(...avoidableDeaths.map((name) => `an inference process died of what the decoder survives: ${name}`))
  const growth = memoryOf(end) / memoryOf(warm) - 1
  if (growth > MEMORY_GROWTH) complaints.push(`memory grew by ${(100 * growth).toFixed(1)} %`)
  if (end.distance !== start.distance) complaints.push('a good pair gives another distance')
  if (end.workers.length !== start.workers.length) complaints.push('the number of processes changed')
  if (end.requestFiles.length > 0) complaints.push(`files are left: ${end.requestFiles.join(', ')}`)
  return complaints
}

function memoryOf({ serviceMemory, workerMemory }: Condition): number {
  return serviceMemory + workerMemory
}

function print(siege: Siege, complaints: string[], seconds: number): void {
  const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20)
  const looks = siege.conditions.map((condition, quarter) => ({
    after: quarter === 0 ? 'start' : `${25 * quarter} %`,
    'distance of a good pair': condition.distance,
    'service, MB': megabytes(condition.serviceMemory),
    'inference processes, MB': megabytes(condition.workerMemory),
    'inference processes': condition.workers.length,
    'open files': condition.openFiles,
    'request files': condition.requestFiles.length,
  }))
  console.log(`${siege.refused} bad uploads refused, ${siege.sound} compared because a picture came out, ${seconds} s`)
  console.log('answers by status:', siege.outcomes)
  console.table(looks)
  console.log(`inference processes that died: ${siege.deaths.length}`)
  for (const death of siege.deaths) console.log(`  ${death}`)
  for (const complaint of complaints) console.log(`wrong: ${complaint}`)
  if (complaints.length === 0) console.log('nothing is wrong')
}

function namesOf({ wrong }: Siege) {
  return wrong.map(({ name, outcome }) => ({ name, outcome }))
}
