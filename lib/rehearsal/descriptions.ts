import { describePhotos } from '../describe-photos.js'
import { DETECTOR_SIZES } from '../face/find-faces.js'
import { applySimilarity, invertSimilarity, type Point, squareToImage } from '../face/geometry.js'
import { uprightSquare } from '../face/landmarks.js'
import { FIRST_INNER_POINT, MEAN_SHAPE } from '../face/mean-shape.js'
import type { PresetName } from '../face/presets.js'
import { startPipeline } from '../image/decoder.js'
import { formatOf, HEAD_BYTES } from '../image/format.js'
import { openGuarded } from '../image/open-photo.js'
import type { Photo } from '../image/photo.js'
import { oncePerObject } from '../once-per-object.js'
import type { DetectorOutput, FaceNetworks } from '../runtime/face-networks.js'
import { Stopwatch } from '../stopwatch.js'

/** The photos of one comparison; one of them, where another process has the other. */
const PHOTOS = [2, 1]

/** What the made-up photos of one rehearsal are like. */
interface Round {
  readonly portraits: boolean
  /** Then sharp decodes them. */
  readonly progressive: boolean
}

/** From a third round on each takes about as long as the twelfth: docs/PERFORMANCE.md, Start. */
const ROUNDS: readonly Round[] = [
  { portraits: false, progressive: true },
  { portraits: true, progressive: false },
]
/** Photos after which the next hardly wait for what V8 optimises: docs/PERFORMANCE.md, Start. */
const LATER_PHOTOS = 24
/** With slow runtimes it is fewer photos: no more are begun after so many milliseconds. */
const LATER_MS = 500
/** Of the made-up photo, in pixels. */
export const SIDE = 250
/** Pixels after which a wave of light and shade has gone on by one radian. */
const WAVE = 20

/**
 * Describes photos that show nothing as if each showed a face. What runs for the first time takes several times as long as
 * later: backends plan a network for each size of its input, V8 compiles what runs often, libraries are loaded when
 * they are needed. After this the first photo of a caller takes hardly longer than the next.
 */
export async function rehearse(networks: FaceNetworks, preset?: PresetName): Promise<void> {
  for (const round of ROUNDS) {
    for (const count of PHOTOS) await describeMadeUp(networks, round, count, preset)
  }
}

/**
 * What can wait until nothing else is to be done: more of the same, so that it is not with photos of callers that V8 comes to
 * compile what describes them; and then the detector at larger sizes, which photos need where the face is small.
 */
export function* laterRuns(networks: FaceNetworks, preset?: PresetName): Generator<() => Promise<unknown>> {
  let took = 0
  for (let i = 0; i < LATER_PHOTOS && took < LATER_MS; i++) {
    yield async () => {
      const begun = performance.now()
      await describeMadeUp(networks, ROUNDS[i % ROUNDS.length], 1, preset)
      took += performance.now() - begun
    }
  }
  for (const count of PHOTOS) {
    for (const size of DETECTOR_SIZES.slice(1)) {
      yield () => networks.detect(new Float32Array(count * size * size * 3), size, count)
    }
  }
}

async function describeMadeUp(networks: FaceNetworks, round: Round, count: number, preset?: PresetName): Promise<void> {
  const content = await contentFor(round)
  const photos = await Promise.all(Array.from({ length: count }, async () => ({ photo: await open(content) })))
  await describePhotos(pretendFaces(networks, round.portraits), photos, 'largest', new Stopwatch(), preset)
}

/** A photo of grey that changes everywhere, and so slowly that no chip of it is taken for a noisy one: to smooth it would take as long as all else. RGB. */
export function blankPixels(): Uint8Array {
  const wave = Float32Array.from({ length: SIDE }, (_, i) => Math.sin(i / WAVE))
  const pixels = new Uint8Array(SIDE * SIDE * 3)
  for (let i = 0; i < pixels.length; i += 3) {
    const pixel = i / 3
    pixels.fill(128 + 64 * wave[pixel % SIDE] * wave[Math.floor(pixel / SIDE)], i, i + 3)
  }
  return pixels
}

/** A JPEG, as most photos are. */
const contentFor = oncePerObject(({ progressive }: Round) =>
  startPipeline(blankPixels(), { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .jpeg({ progressive })
    .toBuffer(),
)

/** As a file of that content is opened. */
async function open(content: Buffer): Promise<Photo> {
  await formatOf(content.subarray(0, HEAD_BYTES))
  return openGuarded(content, 'jpeg')
}

/**
 * Networks that compute as always, and then say that there is a face in the middle of each photo.
 * @param portraits whether the tiny detector says so, too
 */
function pretendFaces(networks: FaceNetworks, portraits: boolean): FaceNetworks {
  return {
    ...networks,
    async detect(images, size, count) {
      return pretendFound(await networks.detect(images, size, count), count)
    },
    async detectPortraits(images, size, count) {
      return pretendFound(await networks.detectPortraits(images, size, count), portraits ? count : 0)
    },
    async landmarks(crops, count) {
      const points = await networks.landmarks(crops, count)
      for (let face = 0; face < count; face++) points.set(SETTLED_POINTS, face * SETTLED_POINTS.length)
      return points
    },
  }
}

/** One box in the middle of each of so many images, and nothing else. */
function pretendFound({ boxes, scores }: DetectorOutput, count: number): DetectorOutput {
  scores.fill(0)
  for (let image = 0; image < count; image++) {
    const first = (image * scores.length) / count
    scores[first] = 1
    boxes.set([0.25, 0.25, 0.75, 0.75], 4 * first)
  }
  return { boxes, scores }
}

/** An average face, x and y of each point in turn, placed in its crop where a further pass would find it again. */
const SETTLED_POINTS: readonly number[] = settled([...outline(), ...MEAN_SHAPE.map(([x, y]) => ({ x, y }))])

/** Half an ellipse below the inner face. */
function outline(): Point[] {
  return Array.from({ length: FIRST_INNER_POINT }, (_, i) => {
    const angle = (Math.PI * i) / (FIRST_INNER_POINT - 1)
    return { x: 0.5 - 0.7 * Math.cos(angle), y: 0.3 + Math.sin(angle) }
  })
}

function settled(points: readonly Point[]): number[] {
  const { centre, side, turn } = uprightSquare(points)
  const toCrop = invertSimilarity(squareToImage(centre, side, turn, 1))
  return points.map((point) => applySimilarity(toCrop, point)).flatMap(({ x, y }) => [x, y])
}
