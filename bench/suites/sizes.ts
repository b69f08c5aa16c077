import { type Condition, measureConditions } from '../changed-pairs.js'
import { faredPlot, faredTable } from '../fared-report.js'
import type { PhotoChange } from '../photo-changes.js'
import type { Suite } from './suite.js'

const PAIRS = 60
/** Side of a photo of LFW in heights of the face: it widened what its detector had found by this. */
const PHOTO_OF_FACE = 2.2
/** Side of a photo of LFW, in pixels. */
const SIDE = 250
const FACE = SIDE / PHOTO_OF_FACE
/** The largest photo a phone usually sends. */
const LARGE = { width: 4000, height: 3000 }

interface Curve {
  readonly name: string
  readonly title: string
  readonly label: string
  readonly log: boolean
  readonly values: readonly number[]
  change(value: number, pair: number, otherPhoto: string): PhotoChange
}

const CURVES: readonly Curve[] = [
  {
    name: 'small-photo',
    title: 'A portrait of few pixels',
    label: 'height of the face, pixels',
    log: true,
    values: [16, 20, 24, 32, 48, 64, 113, 226],
    change: (face) => ({ kind: 'resize', scale: face / FACE }),
  },
  {
    name: 'in-640x480',
    title: 'A face somewhere in 640 x 480 pixels',
    label: 'height of the face, pixels',
    log: true,
    values: [16, 20, 24, 32, 48, 64, 113, 200],
    change: (face, seed) => ({
      kind: 'scene',
      width: 640,
      height: 480,
      side: Math.round(face * PHOTO_OF_FACE),
      seed,
    }),
  },
  {
    name: 'in-12-megapixels',
    title: 'A face somewhere in 12 megapixels',
    label: 'height of the face, pixels',
    log: true,
    values: [24, 32, 48, 64, 96, 128, 192, 320, 640, 1280],
    change: (face, seed) => ({ kind: 'scene', ...LARGE, side: Math.round(face * PHOTO_OF_FACE), seed }),
  },
  {
    name: 'cropped',
    title: 'A face that fills the picture',
    label: 'side of the picture, in heights of the face',
    log: false,
    values: [0.8, 0.9, 1, 1.2, 1.5, 2.2],
    change: (side) => square(0.5, side / PHOTO_OF_FACE),
  },
  {
    name: 'cut-off',
    title: 'A face cut off at the side of the picture',
    label: 'share of the face cut off',
    log: false,
    values: [0, 0.1, 0.2, 0.3, 0.4, 0.5],
    // A square of two faces, of which the left border lies that far inside the face.
    change: (share) => square(0.5 + (0.5 + share) / PHOTO_OF_FACE, 2 / PHOTO_OF_FACE),
  },
  {
    name: 'shapes',
    title: 'A face somewhere in a wide or tall picture',
    label: 'width of the picture, of its height',
    log: true,
    values: [0.25, 0.5, 1, 2, 4],
    change: (shape, seed) => ({
      kind: 'scene',
      width: Math.round(1200 * Math.sqrt(shape)),
      height: Math.round(1200 / Math.sqrt(shape)),
      side: 500,
      seed,
    }),
  },
  {
    name: 'two-people',
    title: 'Somebody else beside the person',
    label: 'height of the other face, of that of the person',
    log: false,
    values: [0.3, 0.5, 0.6, 0.7, 0.8],
    change: (ratio, seed, path) => ({
      kind: 'scene',
      width: 1280,
      height: 720,
      side: 500,
      seed,
      beside: { path, side: Math.round(500 * ratio) },
    }),
  },
]

/** A square half way down the photo; in shares of its side. */
function square(centre: number, side: number): PhotoChange {
  return { kind: 'crop', left: centre - side / 2, top: 0.5 - side / 2, width: side, height: side }
}

/** How the size of the face and the framing tell. */
export const sizes: Suite = {
  name: 'sizes',
  measures:
    'share of faces found and accepted against size, in small, large, wide and tall photos, cropped, cut off, beside others',
  async run(options, signal) {
    const conditions = CURVES.flatMap(({ name, values, change }) =>
      (options.quick ? values.slice(-1) : values).map(
        (value): Condition => ({ curve: name, value, changesOf: (pair, other) => [change(value, pair, other)] }),
      ),
    )
    const fared = await measureConditions(conditions, PAIRS, options, signal)
    const plots = CURVES.map(({ name, title, label, log }) => {
      const rows = fared.filter(({ curve }) => curve === name)
      return [name, faredPlot(title, { label, scale: log ? 'log' : 'linear' }, rows)]
    })
    return { text: faredTable(fared), data: { fared }, plots: Object.fromEntries(plots) }
  },
}
