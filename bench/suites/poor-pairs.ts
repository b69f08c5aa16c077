import { layColumns } from '../../cli/columns.js'
import { SHARED_FLAWS } from '../../lib/face/shared-flaws.js'
import { readCalibration, thresholdFor } from '../../lib/verdict.js'
import { choosePairs } from '../changed-pairs.js'
import type { PhotoChange } from '../photo-changes.js'
import { type Compared, GOOD, type Matches, measurePoorPairs, type PoorFace, type PoorPairs } from '../poor-pairs.js'
import { seePhotos } from '../see-photos.js'
import type { Suite } from './suite.js'

/** People, each with two photos. */
const PEOPLE = 320

interface Degradation {
  readonly kind: string
  readonly level: string
  changes(seed: number): readonly PhotoChange[]
}

/** What is done to photos, from what is hardly seen to so much that many are not recognised. */
const DEGRADATIONS: readonly Degradation[] = [
  { kind: GOOD, level: '', changes: () => [] },
  ...[0.3, 0.2, 0.15].map((scale) => always('small', `${scale} of the size`, { kind: 'resize', scale })),
  ...[1.4, 2, 2.8, 3.6].map((sigma) => always('blurred', `sigma ${sigma} pixels`, { kind: 'blur', sigma })),
  ...[20, 35, 50].map((deviation) => ({
    kind: 'noisy',
    level: `${deviation} of 255`,
    changes: (seed: number): PhotoChange[] => [{ kind: 'noise', deviation, seed }],
  })),
  ...[2, 2.5, 3.5].map((gain) => always('bright', `${gain} times the light`, { kind: 'light', gain, offset: 0 })),
  always('dark', '0.05 times the light', { kind: 'light', gain: 0.05, offset: 0 }),
  ...[15, 10, 6].map((quality) => always('JPEG', `quality ${quality}`, { kind: 'jpeg', quality })),
]

function always(kind: string, level: string, change: PhotoChange): Degradation {
  return { kind, level, changes: () => [change] }
}

/** The worst of each kind. */
function oneOfAKind(degradations: readonly Degradation[]): Degradation[] {
  return [...new Map(degradations.map((one) => [one.kind, one])).values()]
}

/** How often strangers are taken for the same where both photos are poor, and what keeps it from being more. */
export const poorPairs: Suite = {
  name: 'poor-pairs',
  measures: 'how often strangers match where both photos are poor; fits what flaws they share count for anew',
  async run(options, signal) {
    const people = await choosePairs(options, PEOPLE)
    const photos = people.flatMap(({ reference, live }, person) => [
      { person, path: reference },
      { person, path: live },
    ])
    const degradations = options.quick ? oneOfAKind(DEGRADATIONS) : DEGRADATIONS
    const shown = degradations.flatMap(({ kind, level, changes }) =>
      photos.map(({ person, path }, seed) => ({ person, kind, level, request: { path, changes: changes(seed) } })),
    )
    const requests = shown.map(({ request }) => request)
    const { answers } = await seePhotos(requests, options, signal)
    const faces = shown.flatMap(({ person, kind, level }, i): PoorFace[] => {
      const { face } = answers[i]
      return face?.inMiddle ? [{ person, kind, level, descriptor: face.descriptor, measures: face.measures }] : []
    })
    const calibration = await readCalibration(options.preset)
    const thresholds = { usual: thresholdFor(calibration, 1e-3), strict: thresholdFor(calibration, 1e-4) }
    const measured = measurePoorPairs(faces, thresholds)
    return { text: toText(measured, photos.length), data: measured }
  },
}

function toText({ rows, mixed, good, gains }: PoorPairs, photos: number): string {
  const columns = ({ plain, shipped, crossFitted }: Compared) => [plain, shipped, crossFitted].map(rates)
  const blank = ['', '', '', '']
  return `Pairs that match at the thresholds of false match rates of 1e-3 / 1e-4: the distance as it is, as the service counts it where both
faces share a flaw, and as fitted to the other half of the people.

${layColumns([
  [
    '',
    'found',
    'strangers, both poor',
    'the service',
    'cross-fitted',
    'with a good photo',
    'same person',
    'the service',
  ],
  ...rows.map(({ kind, level, faces, both, withGood, genuine }) => [
    `${kind}, ${level}`,
    `${((100 * faces) / photos).toFixed(1)} %`,
    ...columns(both),
    rates(withGood.shipped),
    percents(genuine.plain),
    percents(genuine.shipped),
  ]),
  ['each in another way', '', ...columns(mixed), ...blank.slice(1)],
  [GOOD, '', ...columns(good), ...blank.slice(1)],
])}

fitted anew: ${SHARED_FLAWS.map((flaw) => `${flaw} ${gains[flaw]}`).join(', ')}`
}

function rates({ usual, strict }: Matches): string {
  return [usual, strict].map((share) => share.toExponential(1)).join(' / ')
}

function percents({ usual, strict }: Matches): string {
  return [usual, strict].map((share) => `${(100 * share).toFixed(1)} %`).join(' / ')
}
