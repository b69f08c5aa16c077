import type { FaceView } from './face-views.js'

/** A way to describe a face, and to tell how far two are apart. */
export interface Variant {
  readonly name: string
  /** Their descriptors are averaged. */
  readonly views: readonly FaceView[]
  readonly distance: 'cosine' | 'Euclidean'
  /** Whether local scaling is applied, fitted to the people of the other folds. */
  readonly scaled: boolean
  /** Whether the plot shows it. */
  readonly drawn: boolean
}

/** The chip of the service. */
const CHIP: FaceView = {
  placedBy: 'inner',
  padding: 0.25,
  lower: 0,
  side: 'plain',
  landmarks: 'service',
  precision: 'int8',
}
const chip = (changes: Partial<FaceView> = {}): FaceView => ({ ...CHIP, ...changes })
/** A chip and its mirror image. */
const both = (changes: Partial<FaceView> = {}): FaceView[] => [chip(changes), chip({ ...changes, side: 'mirrored' })]
const padded = (...paddings: number[]) => paddings.flatMap((padding) => both({ padding }))

function variant(
  name: string,
  views: readonly FaceView[],
  options: Partial<Omit<Variant, 'name' | 'views'>> = {},
): Variant {
  return { name, views, distance: 'cosine', scaled: false, drawn: false, ...options }
}
const scaled = (name: string, views: readonly FaceView[], drawn = false) =>
  variant(`local scaling, ${name}`, views, { scaled: true, drawn })

/** What distinguishes a view from all others. */
export function viewKey({ placedBy, padding, lower, side, landmarks, precision }: FaceView): string {
  return [placedBy, padding, lower, side, landmarks, precision].join(' ')
}

/** What `npm run evaluate -- variants` measures; where nothing else is said: placed by 51 points, cosine, descriptors in 8 bits. */
export const VARIANTS: readonly Variant[] = [
  variant('one chip, Euclidean, not scaled to length 1', [chip()], { distance: 'Euclidean' }),
  variant('one chip', [chip()], { drawn: true }),
  variant('one chip, 1.5 pixels down', [chip({ lower: 1.5 })]),
  variant('one chip, 3 pixels down', [chip({ lower: 3 })]),
  variant('chip and mirror image averaged pixel by pixel', [chip({ side: 'blended' })]),
  variant('chip and mirror image, Euclidean, not scaled', both(), { distance: 'Euclidean' }),
  variant('chip and mirror image, five points', both({ placedBy: 'five' })),
  variant('chip and mirror image', both(), { drawn: true }),
  variant('the same, descriptors in 32 bits', both({ precision: 'fp32' })),
  variant('landmarks averaged over two passes', both({ landmarks: 'averaged' })),
  ...[0.15, 0.2, 0.3, 0.35].map((padding) => variant(`padding ${padding.toFixed(2)} instead of 0.25`, padded(padding))),
  variant('1.5 pixels down', both({ lower: 1.5 })),
  variant('3 pixels down', both({ lower: 3 })),
  variant('paddings 0.20, 0.25, 0.30', padded(0.2, 0.25, 0.3)),
  variant('paddings 0.15, 0.25, 0.35', padded(0.15, 0.25, 0.35)),
  variant('five and 51 points', [...both({ placedBy: 'five' }), ...both()]),
  scaled('one chip', [chip()], true),
  scaled('one chip, descriptors in 32 bits', [chip({ precision: 'fp32' })]),
  scaled('one chip, 1.5 pixels down', [chip({ lower: 1.5 })]),
  scaled('chip and mirror image averaged pixel by pixel', [chip({ side: 'blended' })]),
  scaled('chip and mirror image', both(), true),
  scaled('the same, descriptors in 32 bits', both({ precision: 'fp32' })),
  scaled('and 3 pixels down', [...both(), ...both({ lower: 3 })], true),
  scaled('and 3 pixels down, descriptors in 32 bits', [
    ...both({ precision: 'fp32' }),
    ...both({ lower: 3, precision: 'fp32' }),
  ]),
  scaled('and five points 3 pixels down', [...both(), ...both({ placedBy: 'five', lower: 3 })]),
  scaled('paddings 0.20, 0.25, 0.30', padded(0.2, 0.25, 0.3)),
  scaled('paddings 0.15, 0.25, 0.35', padded(0.15, 0.25, 0.35)),
]
