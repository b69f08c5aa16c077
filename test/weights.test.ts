import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { loadNetworkWeights, NETWORK_NAMES, readWeightsManifest, weightsFolder } from '../lib/weights.js'

/** A copy of the descriptor's weight files that a test may damage. */
async function copyWeights(folder: string) {
  const manifest = await readWeightsManifest()
  const { manifest: list, weights } = manifest.networks.descriptor
  await mkdir(folder, { recursive: true })
  for (const { name } of [list, weights]) {
    await copyFile(path.join(weightsFolder(manifest), name), path.join(folder, name))
  }
  return { list: path.join(folder, list.name), weights: path.join(folder, weights.name) }
}

t.test('the installed weights are the ones this version was made for', async (t) => {
  for (const network of NETWORK_NAMES) await t.resolves(loadNetworkWeights(network))
  const weights = await loadNetworkWeights('descriptor')
  t.same(weights.get('fc').shape, [256, 128])
  t.equal(weights.get('fc').data.length, 256 * 128)
  t.throws(() => weights.get('fd'), /descriptor network has no tensor named fd/)
})

t.test('one wrong byte is an error that names the file', async (t) => {
  const folder = t.testdir({})
  for (const file of ['list', 'weights'] as const) {
    const copy = await copyWeights(folder)
    const bytes = await readFile(copy[file])
    bytes[1000] ^= 1
    await writeFile(copy[file], bytes)
    const error = await loadNetworkWeights('descriptor', folder).catch((reason: Error) => reason)
    t.match(error, { message: new RegExp(`${path.basename(copy[file])}.*SHA-256`) })
  }
})

t.test('a file that breaks off or is absent is an error that names the file', async (t) => {
  const folder = t.testdir({})
  const { weights } = await copyWeights(folder)
  await writeFile(weights, (await readFile(weights)).subarray(0, 1000))
  await t.rejects(loadNetworkWeights('descriptor', folder), { message: /face_recognition_model\.bin has 1000 bytes/ })
  await rm(weights)
  await t.rejects(loadNetworkWeights('descriptor', folder), { message: /face_recognition_model\.bin/ })
})
