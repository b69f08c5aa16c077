/** `npm run test:hostile`: sends thousands of bad uploads to the started service and looks whether it minds. */
import { parseArgs } from 'node:util'
import { usableCpus } from '../../lib/pool/usable-cpus.js'
import { besiege, type Condition, type Siege } from './siege.js'

const USAGE = `npm run test:hostile -- [--uploads 5000] [--seed N] [--json]

Sends bad uploads, made from real photos and the seed, to a service it starts. Exit code 1 when one was answered other than
4xx or a closed connection, or when anything of them is left.`
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
    if (process.stderr.isTTY || done % 500 === 0) process.stderr.write(`\r${done} of ${uploads}`)
  }
  const siege = await besiege({ seed, uploads, clients: usableCpus(), slow: true, onProgress })
  process.stderr.write('\n')
  const complaints = complain(siege)
  const seconds = Math.round((performance.now() - started) / 1000)
  if (values.json) console.log(JSON.stringify({ seed, seconds, complaints, ...siege, wrong: namesOf(siege) }, null, 2))
  else print(siege, complaints, seconds)
  process.exitCode = complaints.length > 0 ? 1 : 0
}

function complain({ before, after, wrong, avoidableDeaths }: Siege): string[] {
  const complaints = wrong.map(({ name, outcome }) => `${name}: ${outcome}`)
  complaints.push(...avoidableDeaths.map((name) => `an inference process died of what the decoder survives: ${name}`))
  const growth = after.memory / before.memory - 1
  if (growth > MEMORY_GROWTH) complaints.push(`memory grew by ${(100 * growth).toFixed(1)} %`)
  if (after.distance !== before.distance) complaints.push('a good pair gives another distance')
  if (after.workers.length !== before.workers.length) complaints.push('the number of processes changed')
  if (after.requestFiles.length > 0) complaints.push(`files are left: ${after.requestFiles.join(', ')}`)
  return complaints
}

function print(siege: Siege, complaints: string[], seconds: number): void {
  const row = (name: string, value: (condition: Condition) => unknown) => ({
    '': name,
    before: value(siege.before),
    after: value(siege.after),
  })
  console.log(`${siege.refused} bad uploads refused, ${siege.sound} compared because a picture came out, ${seconds} s`)
  console.log('answers by status:', siege.outcomes)
  console.table([
    row('distance of a good pair', ({ distance }) => distance),
    row('memory, MB', ({ memory }) => Math.round(memory / 2 ** 20)),
    row('open files', (condition) => condition.openFiles),
    row('inference processes', ({ workers }) => workers.length),
    row('request files', ({ requestFiles }) => requestFiles.length),
  ])
  console.log(`inference processes that died: ${siege.deaths.length}`)
  for (const death of siege.deaths) console.log(`  ${death}`)
  for (const complaint of complaints) console.log(`wrong: ${complaint}`)
  if (complaints.length === 0) console.log('nothing is wrong')
}

function namesOf({ wrong }: Siege) {
  return wrong.map(({ name, outcome }) => ({ name, outcome }))
}
