import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { writePortraits } from '../portraits.js'
import { demoPhotoPath } from '../real-faces.js'
import { Service } from '../service.js'

t.setTimeout(120_000)
const portraits = await writePortraits()
t.teardown(() => portraits.remove())

/** Runs a command where `$0` is a disk of 256 KB, seen by that command alone; no privileges needed. */
const ON_SMALL_DISK = ['unshare', '-rm', 'sh', '-c', 'mount -t tmpfs -o size=256k none "$0" && exec "$@"']
const folder = mkdtempSync(path.join(tmpdir(), 'facemetric-test-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const [command, ...args] = [...ON_SMALL_DISK, folder, 'true']
const skip = spawnSync(command, args).status !== 0 && 'a small disk cannot be mounted here'

t.test('when the temp disk is full, the answer is 507 and the service lives on', { skip }, async (t) => {
  mkdirSync(folder, { recursive: true })
  const service = await Service.start({
    tempDir: folder,
    launcher: [...ON_SMALL_DISK, folder],
    env: { FACEMETRIC_WORKERS: '1' },
  })
  t.teardown(() => service.stop())
  const large = demoPhotoPath(1) // More than the disk holds.
  const [one, other] = [portraits.path(0), portraits.path(1)]

  const full = await Promise.all(Array.from({ length: 4 }, () => service.compare(large, large)))
  for (const response of full) {
    t.match(await response.json(), { status: 507, code: 'storage_full' })
    t.ok(response.headers.has('retry-after'))
  }
  t.match(await (await service.compare(one, other)).json(), { identical: false }, 'the room was given back')
  t.equal((await fetch(`${service.url}/health/ready`)).status, 200)
})
