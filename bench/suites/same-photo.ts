import { layColumns } from '../../cli/columns.js'
import type { Likeness } from '../../lib/face/rough-likeness.js'
import { isSamePhoto, likenessOf } from '../../lib/face/same-photo.js'
import { photoStem } from '../lfw-pairs.js'
import { readPairSet } from '../pair-set.js'
import { type PhotoChange, savedAsJpeg } from '../photo-changes.js'
import { countInBins, histogram } from '../plot/histogram.js'
import { Random } from '../random.js'
import { type SeenFace, seePhotos } from '../see-photos.js'
import type { Suite } from './suite.js'

const COPIED_PHOTOS = 500
const QUICK_PHOTOS = 6
/** Pairs of a kind in each fold of a quick look. */
const QUICK_PAIRS = 1
const BINS = 60

/** What is done to a photo that is sent again. */
const COPIES: Readonly<Record<string, (random: Random) => readonly PhotoChange[]>> = {
  're-encoded': (random) => [{ kind: 'jpeg', quality: Math.round(between(random, 25, 90)) }],
  resized: (random) => [{ kind: 'resize', scale: between(random, 0.4, 2) }],
  cropped: (random) => [slightCrop(random)],
  mirrored: () => [{ kind: 'mirror' }],
  'all of these': (random) => [
    { kind: 'mirror' },
    slightCrop(random),
    { kind: 'resize', scale: between(random, 0.5, 1.5) },
    { kind: 'jpeg', quality: Math.round(between(random, 40, 90)) },
  ],
  'turned, darker or brighter': (random) => [
    { kind: 'turn', degrees: between(random, -12, 12), background: 'grey' },
    { kind: 'light', gain: between(random, 0.6, 1.2), offset: 0 },
    { kind: 'jpeg', quality: 60 },
  ],
}

/** Whether copies of a photo are told from other photos of the same person. */
export const samePhoto: Suite = {
  name: 'same-photo',
  measures: 'copies of photos that are recognised, and pairs of the same person that are taken for copies',
  async run(options, signal) {
    const {
      list: { pairs: genuine },
      photos,
    } = await readPairSet(options, QUICK_PAIRS, ({ same }) => same)
    const random = new Random(options.seed)
    const copied = random.shuffle(photos).slice(0, options.quick ? QUICK_PHOTOS : COPIED_PHOTOS)
    const kinds = Object.entries(COPIES)
    const requests = [
      ...photos.map(({ path }) => ({ path, changes: [] })),
      ...kinds.flatMap(([, change]) => copied.map(({ path }) => ({ path, changes: savedAsJpeg(change(random)) }))),
    ]
    const { answers } = await seePhotos(requests, options, signal)
    const originals = new Map(photos.map(({ stem }, i) => [stem, answers[i].face]))
    const copies = kinds.map(([kind], k) => {
      const compared = copied.map(({ stem }, i) =>
        compare(originals.get(stem), answers[photos.length + k * copied.length + i].face),
      )
      return { kind, ...summarise(compared), compared }
    })
    const pairs = genuine.map(({ first, second }) => {
      const names = { first: photoStem(first), second: photoStem(second) }
      return { ...names, ...compare(originals.get(names.first), originals.get(names.second)) }
    })
    const taken = pairs.filter(({ same }) => same)
    const others = summarise(pairs.filter(({ same }) => !same))
    const text = `${layColumns([
      ['copies', 'recognised', 'least likeness: face, whole'],
      ...copies.map(({ kind, same, count, least }) => [
        kind,
        `${same} of ${count}`,
        `${least.face.toFixed(3)}, ${least.whole.toFixed(3)}`,
      ]),
    ])}

pairs of one person  ${pairs.length}, of which ${taken.length} are taken for copies
${taken.map(({ first, second, face, whole }) => `  ${first} ${second} ${face.toFixed(3)}, ${whole.toFixed(3)}\n`).join('')}most likeness of the others: face ${others.most.face.toFixed(3)}, whole ${others.most.whole.toFixed(3)}`
    const bins = (likeness: readonly Likeness[]) =>
      countInBins(
        likeness.map(({ whole }) => whole),
        -0.2,
        1,
        BINS,
      )
    const plot = histogram({
      title: 'Copies of a photo, and other photos of the same person',
      description: 'Copies have a likeness near 1; other photos of the same person mostly lie between 0 and 0.4.',
      x: { label: 'likeness of face and surroundings', from: -0.2, to: 1 },
      y: { label: 'share' },
      series: [
        { name: 'copies', counts: bins(copies.flatMap(({ compared }) => compared)) },
        { name: 'other photos of the person', counts: bins(pairs) },
      ],
    })
    return {
      text,
      data: { copies: copies.map(({ compared: _, ...summary }) => summary), pairs: pairs.length, taken, others },
      plots: { likeness: plot },
    }
  },
}

interface Compared extends Likeness {
  readonly same: boolean
}

function compare(p: SeenFace | undefined, q: SeenFace | undefined): Compared {
  return p && q ? { ...likenessOf(p.print, q.print), same: isSamePhoto(p, q) } : { face: 0, whole: 0, same: false }
}

function summarise(compared: readonly Compared[]) {
  const over = (choose: (...values: number[]) => number) => ({
    face: choose(...compared.map(({ face }) => face)),
    whole: choose(...compared.map(({ whole }) => whole)),
  })
  return {
    count: compared.length,
    same: compared.filter(({ same }) => same).length,
    least: over(Math.min),
    most: over(Math.max),
  }
}

function slightCrop(random: Random): PhotoChange {
  const [left, top] = [between(random, 0, 0.12), between(random, 0, 0.12)]
  const [width, height] = [1 - left - between(random, 0, 0.12), 1 - top - between(random, 0, 0.12)]
  return { kind: 'crop', left, top, width, height }
}

function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random.next()
}
