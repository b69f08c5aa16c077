import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { demoPhotoPath } from '../real-faces.js'

t.setTimeout(240_000)

t.test('everybody in a group photo is compared with everybody beside them', async (t) => {
  const script = fileURLToPath(new URL('../../bench/group-photos.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, demoPhotoPath(1), demoPhotoPath(6)])
  t.match(stdout, /^7 faces, 9 pairs of different people of the same photo\n/, 'three people, and four')
  t.match(stdout, /^nearest {4}0\.[34]\d+$/m)
  t.match(stdout, /^taken for the same person: 0 of 9$/m)
})
