import { faceDistance } from '../../lib/face/crowding.js'
import { PRESETS, type PresetName } from '../../lib/face/presets.js'
import { FLAWS, flawsOf, predictors, qualityOf } from '../../lib/face/quality.js'
import { DEFAULT_FALSE_MATCH_RATE, readCalibration, thresholdFor } from '../../lib/verdict.js'
import { type Pair, photoStem } from '../lfw-pairs.js'
import { readPairSet } from '../pair-set.js'
import { type PhotoChange, savedAsJpeg } from '../photo-changes.js'
import { joinResults } from '../preset-results.js'
import { type JudgedFace, reportQuality } from '../quality-report.js'
import { Random } from '../random.js'
import { type SeenFace, seePhotos } from '../see-photos.js'
import type { Suite, SuiteResult } from './suite.js'

/** Degraded copies of each kind. */
const COPIES = 500
const QUICK_COPIES = 4
/** Pairs of a kind in each fold of a quick look. */
const QUICK_PAIRS = 3

/** What is done to photos, a little up to so much that they are of no use. */
const DEGRADATIONS: Readonly<Record<string, (random: Random) => PhotoChange>> = {
  small: (random) => ({ kind: 'resize', scale: spread(random, 0.07, 1) }),
  blurred: (random) => ({ kind: 'blur', sigma: spread(random, 0.5, 9) }),
  dark: (random) => ({ kind: 'light', gain: spread(random, 0.015, 1), offset: 0 }),
  bright: (random) => ({ kind: 'light', gain: spread(random, 1, 8), offset: 0 }),
  flat: (random) => {
    const gain = spread(random, 0.02, 1)
    return { kind: 'light', gain, offset: 128 * (1 - gain) }
  },
  JPEG: (random) => ({ kind: 'jpeg', quality: Math.round(spread(random, 2, 70)) }),
  noise: (random) => ({ kind: 'noise', deviation: spread(random, 3, 100), seed: random.below(1e9) }),
  cut: cutIntoFace,
}

/** Whether the quality of a face predicts that its person is not recognised. */
export const quality: Suite = {
  name: 'quality',
  measures: 'whether the quality of a face predicts that its person is not recognised, on photos and degraded copies',
  ofPresets: true,
  async run(options, signal) {
    const {
      list: { pairs },
      photos,
    } = await readPairSet(options, QUICK_PAIRS, ({ same }) => same)
    const paths = new Map(photos.map(({ stem, path }) => [stem, path]))
    const random = new Random(options.seed)
    const degraded = Object.entries(DEGRADATIONS).flatMap(([kind, degrade]) =>
      Array.from({ length: options.quick ? QUICK_COPIES : COPIES }, () => {
        const { live, reference } = turned(random.pick(pairs), random)
        return { kind, live, reference, change: degrade(random) }
      }),
    )
    const { answers } = await seePhotos(
      [
        ...photos.map(({ path }) => ({ path, changes: [] })),
        ...degraded.map(({ live, change }) => ({ path: paths.get(live)!, changes: savedAsJpeg([change]) })),
      ],
      options,
      signal,
      options.presets,
    )
    const originals = new Map(photos.map(({ stem }, i) => [stem, answers[i].face]))
    const cases = [
      ...pairs.flatMap(({ first, second }) => {
        const [p, q] = [photoStem(first), photoStem(second)]
        return [
          { kind: 'as they are', live: p, reference: q, face: originals.get(p) },
          { kind: 'as they are', live: q, reference: p, face: originals.get(q) },
        ]
      }),
      ...degraded.map(({ kind, live, reference }, i) => ({
        kind,
        live,
        reference,
        face: answers[photos.length + i].face,
      })),
    ]
    const results: { preset: PresetName; result: SuiteResult }[] = []
    for (const preset of options.presets) {
      const judge = judgeBy(preset, thresholdFor(await readCalibration(preset), DEFAULT_FALSE_MATCH_RATE))
      const judged = cases.flatMap(({ kind, live, reference, face }): JudgedFace[] => {
        const other = originals.get(reference)
        if (face === undefined || other === undefined) return []
        return [{ kind, person: live.split('/')[0], ...judge(face, other) }]
      })
      const kinds = ['as they are', ...Object.keys(DEGRADATIONS)].map((kind) => ({
        kind,
        faces: judged.filter((face) => face.kind === kind),
        unseen: cases.filter((item) => item.kind === kind && item.face === undefined).length,
      }))
      results.push({ preset, result: reportQuality(judged, kinds, FLAWS) })
    }
    return joinResults(results)
  },
}

/** What a preset says of a face that is compared with another one of the same person. */
function judgeBy(preset: PresetName, threshold: number) {
  return (face: SeenFace, other: SeenFace) => {
    const { score, descriptors } = face
    const measures = PRESETS[preset].mirrored ? face.measures : { ...face.measures, symmetry: undefined }
    return {
      predictors: predictors(measures, score),
      quality: qualityOf(measures, score),
      flaws: flawsOf(measures),
      rejected: faceDistance(descriptors.get(preset)!, other.descriptors.get(preset)!) > threshold,
    }
  }
}

/** One photo of the pair, and the other to compare it with. */
function turned({ first, second }: Pair, random: Random) {
  const [p, q] = [photoStem(first), photoStem(second)]
  return random.next() < 0.5 ? { live: p, reference: q } : { live: q, reference: p }
}

/** Cuts off one side of the photo, as far as into the middle of a face that fills the middle, as in LFW. */
function cutIntoFace(random: Random): PhotoChange {
  const [side, depth] = [random.below(4), 0.2 + 0.34 * random.next()]
  const [horizontal, vertical] = [side < 2 ? 1 - depth : 1, side < 2 ? 1 : 1 - depth]
  return {
    kind: 'crop',
    left: side === 0 ? depth : 0,
    top: side === 2 ? depth : 0,
    width: horizontal,
    height: vertical,
  }
}

/** A number between two others whose logarithm is spread evenly. */
function spread(random: Random, from: number, to: number): number {
  return from * (to / from) ** random.next()
}
