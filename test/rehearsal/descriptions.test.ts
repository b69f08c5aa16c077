import sharp from 'sharp'
import t from 'tap'
import { clearChips } from '../../lib/face/clear-chip.js'
import { DETECTOR_SIZES } from '../../lib/face/find-faces.js'
import { placeLumaOf } from '../../lib/face/luma.js'
import { CHIP_SIZE } from '../../lib/networks/descriptor.js'
import { blankPixels, laterRuns, rehearse, SIDE } from '../../lib/rehearsal/descriptions.js'
import type { DetectorOutput, FaceNetworks } from '../../lib/runtime/face-networks.js'

/** How many anchors the networks of this test have; they answer with anything. */
const ANCHORS = 4

/** Networks that write down how often each was run, and for how many images. */
function recordRuns() {
  const runs: { network: string; count: number }[] = []
  const answer = (network: string, count: number, length: number) => {
    runs.push({ network, count })
    return Float32Array.from({ length: count * length }, (_, i) => Math.sin(i) / 2 + 0.5)
  }
  const networks: FaceNetworks = {
    runtime: 'onnx',
    precision: 'fp32',
    description: 'recorded',
    detect: async (_images, _size, count): Promise<DetectorOutput> => ({
      boxes: answer('detector', count, 4 * ANCHORS),
      scores: new Float32Array(count * ANCHORS),
    }),
    detectPortraits: async (_images, _size, count): Promise<DetectorOutput> => ({
      boxes: answer('tinyDetector', count, 4 * ANCHORS),
      scores: new Float32Array(count * ANCHORS),
    }),
    landmarks: async (_crops, count) => answer('landmarks', count, 136),
    descriptors: async (_chips, count) => answer('descriptor', count, 128),
    close: async () => {},
  }
  return { runs, networks }
}

t.test('at start each network is run as for a good photo, and as for two, whatever it answers', async (t) => {
  const { runs, networks } = recordRuns()
  await rehearse(networks)
  const shown = (network: string) => [...new Set(runs.filter((run) => run.network === network).map((run) => run.count))]
  for (const network of ['detector', 'tinyDetector', 'landmarks']) t.same(shown(network), [2, 1], network)
  t.same(shown('descriptor'), [4, 2], 'a face and its mirror image')
  // Were the face that is made up doubtful, the detector would look again and again.
  const times = (name: string) => runs.filter(({ network }) => network === name).length
  t.equal(times('tinyDetector'), times('descriptor'))
  t.equal(2 * times('detector'), times('descriptor'), 'every other time as for portraits')
})

t.test('later, each network is run some ten times more, and the detector for small faces', async (t) => {
  const { runs, networks } = recordRuns()
  let rehearsed = 0
  for (const run of laterRuns(networks)) {
    await run()
    if (runs.at(-1)?.network === 'descriptor') rehearsed++
  }
  for (const network of ['tinyDetector', 'landmarks', 'descriptor']) {
    t.ok(runs.filter((run) => run.network === network).length > 10, network)
  }
  t.ok(rehearsed > 10, 'a photo at a time, so that whoever brings some need not wait long')
  const last = runs.slice(-2 * (DETECTOR_SIZES.length - 1))
  t.same(
    last.map(({ network, count }) => [network, count]),
    [2, 2, 1, 1].map((count) => ['detector', count]),
  )
})

t.test('the made-up photo is as clear as a good one: a start does not wait for it to be smoothed', async (t) => {
  const photo = sharp(blankPixels(), { raw: { width: SIDE, height: SIDE, channels: 3 } })
  const pixels = await photo.resize(CHIP_SIZE).raw().toBuffer()
  const chip = Float32Array.from(pixels)
  clearChips(chip, placeLumaOf(chip, CHIP_SIZE ** 2))
  t.ok(chip.every((value, i) => value === pixels[i]))
})
