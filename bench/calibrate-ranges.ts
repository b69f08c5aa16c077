import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { analysePhotos } from '../lib/face/analyse-photos.js'
import { openPhoto } from '../lib/image/open-photo.js'
import { ACTIVATION_RANGES_FILE, type ActivationRanges, type NetworkRanges } from '../lib/networks/activation-ranges.js'
import { CHIP_SIZE } from '../lib/networks/descriptor.js'
import { LANDMARK_CROP_SIZE } from '../lib/networks/landmarks.js'
import type { FaceNetworks } from '../lib/runtime/face-networks.js'
import { loadNetworkSources } from '../lib/runtime/graph-networks.js'
import { loadNetworks } from '../lib/runtime/load-networks.js'
import type { NetworkName } from '../lib/weights.js'
import { measureRanges, type SeenBatch } from './activation-histograms.js'
import { parseCount, parseOptions, runCommand, UsageError } from './command.js'
import { readPairs } from './lfw-pairs.js'
import { findPhotos, type PhotoFile } from './photo-files.js'
import { Progress } from './progress.js'

const USAGE = `Usage: npm run calibrate:ranges -- --images DIR --pairs FILE [options]

Measures which range the activations of each network take over photos, and writes them to weights/activation-ranges.json,
from which the networks are computed in 8 bits. To be run again when the description of a network changes.

  --images DIR   folder of the photos, as in Labeled Faces in the Wild: DIR/name/name_0001.jpg
  --pairs FILE   list of pairs as in pairs.txt: which photos there are
  --photos N     how many of them are looked at; default: 300, spread evenly
  --name TEXT    what the file calls the set; default: the name of its folder
  --help         print this
`

/**
 * Share of the values that are inside the range on either side, in percent. Chosen by what they do to accuracy:
 * docs/PERFORMANCE.md, "Computing in 8 bits".
 */
const PERCENTILES: Partial<Record<NetworkName, number>> = { detector: 99.99, descriptor: 99.99 }

/** Numbers of a range that are kept: far more than 8 bits tell apart. */
const DIGITS = 4

async function main(signal: AbortSignal): Promise<void> {
  const options = parseOptions(process.argv.slice(2), {
    images: { type: 'string' },
    pairs: { type: 'string' },
    photos: { type: 'string', default: '300' },
    name: { type: 'string' },
    help: { type: 'boolean', default: false },
  })
  if (options.help) {
    process.stdout.write(USAGE)
    return
  }
  const { images, pairs, name = path.basename(path.resolve(images ?? '')) } = options
  if (images === undefined || pairs === undefined) throw new UsageError('--images DIR and --pairs FILE are needed')
  const all = await findPhotos(await readPairs(pairs), images)
  const count = Math.min(all.length, parseCount('photos', options.photos))
  const photos = Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)])

  const seen = await recordInputs(photos, signal)
  const networks: Partial<Record<NetworkName, NetworkRanges>> = {}
  for (const source of Object.values(await loadNetworkSources())) {
    const percentile = PERCENTILES[source.name]
    if (percentile === undefined) continue
    signal.throwIfAborted()
    const ranges = await measureRanges(source, seen[source.name], percentile)
    networks[source.name] = { percentile, ranges: ranges.map(([least, most]) => [round(least), round(most)]) }
  }
  const file: ActivationRanges = { dataset: name, photos: count, networks }
  // A range a line.
  const text = JSON.stringify(file, null, 2).replace(/\[\s+([-\d.]+),\s+([-\d.]+)\s+\]/g, '[$1, $2]')
  await writeFile(ACTIVATION_RANGES_FILE, `${text}\n`)
  process.stderr.write(`wrote ${ACTIVATION_RANGES_FILE}\n`)
}

/** What each network is shown while the service's own pipeline, in fp32, looks at the photos. */
async function recordInputs(
  photos: readonly PhotoFile[],
  signal: AbortSignal,
): Promise<Record<NetworkName, SeenBatch[]>> {
  const { networks } = await loadNetworks('onnx', { precision: 'fp32' })
  const seen: Record<NetworkName, SeenBatch[]> = { detector: [], tinyDetector: [], landmarks: [], descriptor: [] }
  /** The buffer may hold more than the images. */
  const record = (network: NetworkName, pixels: Float32Array, side: number, count: number) =>
    seen[network].push({ pixels: Uint8Array.from(pixels.subarray(0, count * side * side * 3), Math.round), side })
  const recording: FaceNetworks = {
    ...networks,
    detect(pixels, side, count) {
      record('detector', pixels, side, count)
      return networks.detect(pixels, side, count)
    },
    landmarks(pixels, count) {
      record('landmarks', pixels, LANDMARK_CROP_SIZE, count)
      return networks.landmarks(pixels, count)
    },
    descriptors(pixels, count) {
      record('descriptor', pixels, CHIP_SIZE, count)
      return networks.descriptors(pixels, count)
    },
  }
  const progress = new Progress(photos.length, 'photo')
  try {
    for (const { path: file } of photos) {
      signal.throwIfAborted()
      await analysePhotos(recording, [{ photo: await openPhoto(file) }], 'largest')
      progress.step()
    }
  } finally {
    progress.clear()
    await networks.close()
  }
  return seen
}

function round(value: number): number {
  return Number(value.toFixed(DIGITS))
}

await runCommand(USAGE, main)
