import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { SamplePhotos } from '../../lib/sample-photos.js'
import type { MountedImage } from './buildah.js'
import { Container, type ContainerOptions } from './container.js'
import type { Target } from './file-checks.js'

const AnswerSchema = Type.Object({ identical: Type.Boolean(), distance: Type.Number(), engine: Type.String() })
/** What each image compares with. */
export const ENGINES: Readonly<Record<Target, string>> = { full: 'tensorflow', slim: 'onnx' }
/** What the service itself leaves in its temporary folder while it runs: no photo, no folder of a request. */
const LASTING = /^(facemetric-\d+(\/live-\w+(\/alive)?)?|facemetric-graphs-\d+(\/.*)?)$/

/** Within which an upload has to be seen there. */
const ARRIVAL_MS = 10_000

const FIND_WRITABLE = String.raw`find / \( -path /proc -o -path '/tmp/*' \) -prune -o -writable ! -type l -print`

/** Starts the image's command, hardened, on a free port of this machine. */
export async function startContainer(image: MountedImage, options: ContainerOptions = {}): Promise<Container> {
  const port = await freePort()
  const env = { HOST: '127.0.0.1', PORT: `${port}`, FACEMETRIC_WORKERS: '1', ...options.env }
  return new Container(image, `http://127.0.0.1:${port}`, { ...options, env })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

/** The right and the wrong answer, as a user's first call gets them. */
export function checkAnswers({ url }: Container, target: Target, photos: SamplePhotos): string {
  const same = compare(url, photos.reference, photos.samePerson)
  const other = compare(url, photos.reference, photos.otherPerson)
  assert.equal(same.identical, true)
  assert.equal(other.identical, false)
  assert.equal(same.engine, ENGINES[target])
  return `${same.engine}: same person ${same.distance}, other person ${other.distance}`
}

function compare(url: string, reference: string, live: string) {
  const form = ['--form', `reference_image=@${reference}`, '--form', `live_image=@${live}`]
  const output = execFileSync('curl', ['--silent', '--show-error', ...form, `${url}/compare`], { encoding: 'utf8' })
  return Value.Parse(AnswerSchema, JSON.parse(output))
}

/** Live, ready, and so says the command that HEALTHCHECK runs; it says no where nothing listens. */
export async function checkHealth(container: Container, { config }: MountedImage): Promise<void> {
  for (const state of ['live', 'ready']) assert.equal((await fetch(`${container.url}/health/${state}`)).status, 200)
  const [, ...command] = config.Healthcheck.Test
  assert.match(container.run(...command), /"ready"/)
  assert.throws(() => container.run('env', 'PORT=2', ...command), /ECONNREFUSED/)
}

/** All its processes run as that user, without a capability and without a way to get one. */
export function checkPrivileges(container: Container, user: string): void {
  const processes = [container.pid, ...childrenOf(container.pid)]
  assert.ok(processes.length >= 2, 'the service and at least one inference process')
  for (const pid of processes) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    assert.match(status, new RegExp(`^Uid:(\\t${user}){4}$`, 'm'))
    for (const set of ['CapEff', 'CapPrm', 'CapBnd', 'CapInh']) assert.match(status, new RegExp(`^${set}:\\t0+$`, 'm'))
    assert.match(status, /^NoNewPrivs:\t1$/m)
  }
  assert.match(readFileSync(`/proc/${container.pid}/status`, 'utf8'), /^NSpid:\t\d+\t1$/m)
}

/** The image has what it takes for inference processes not to put the service aside. */
export function checkScheduling(container: Container): void {
  assert.match(container.log, /"scheduling":"batch","msg":"inference process ready"/)
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}

/** It can write to the tmpfs and the harmless devices, and to nothing else; after a comparison no photo is left there. */
export function checkWritable(container: Container): void {
  // It may not enter some folders, which find complains about.
  const writable = container.run('sh', '-c', `${FIND_WRITABLE} 2>&- || true`)
  assert.deepEqual(writable.trim().split('\n').sort(), [
    '/dev/null',
    '/dev/random',
    '/dev/urandom',
    '/dev/zero',
    '/tmp',
  ])
  assert.deepEqual(requestFiles(container), [])
}

/** Folders and photos of requests in its temporary folder. */
function requestFiles(container: Container): string[] {
  const folder = `/proc/${container.pid}/root/tmp`
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !LASTING.test(name))
}

/** Megabytes the container's processes keep in memory, shared pages counted once a process. */
export function residentMegabytes(container: Container): number {
  const pids = [container.pid, ...childrenOf(container.pid)]
  const kilobytes = pids.map((pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]))
  return Math.round(kilobytes.reduce((sum, value) => sum + value, 0) / 1024)
}

/**
 * `docker stop`: the comparison that runs is answered, then process 1 ends by itself, and all others with it.
 * @returns milliseconds from the signal to the end
 */
export async function checkStop(container: Container, photos: SamplePhotos): Promise<number> {
  const children = childrenOf(container.pid)
  const form = new FormData()
  for (const [field, file] of [
    ['reference_image', photos.reference],
    ['live_image', photos.samePerson],
  ]) {
    form.set(field, new Blob([readFileSync(file)]), path.basename(file))
  }
  const sent = performance.now()
  const answer = fetch(`${container.url}/compare`, { method: 'POST', body: form })
  while (requestFiles(container).length === 0) {
    assert.ok(performance.now() - sent < ARRIVAL_MS, 'the upload never arrived')
    await sleep(1)
  }
  const started = performance.now()
  container.signal('SIGTERM')
  const response = await answer
  assert.equal(response.status, 200, await response.text())
  assert.equal(await container.exited, 0, container.log)
  const milliseconds = performance.now() - started
  for (const pid of children) assert.throws(() => statSync(`/proc/${pid}`), `process ${pid} goes on`)
  return milliseconds
}
