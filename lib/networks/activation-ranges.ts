import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { PACKAGE_ROOT } from '../package-root.js'

/** Where the ranges lie; `npm run calibrate:ranges` writes them. */
export const ACTIVATION_RANGES_FILE = path.join(PACKAGE_ROOT, 'weights', 'activation-ranges.json')

/** The least and the largest value an activation is given room for; what lies outside is cut off. */
const RangeSchema = Type.Tuple([Type.Number(), Type.Number()])

const NetworkRangesSchema = Type.Object({
  percentile: Type.Number({
    minimum: 0,
    maximum: 100,
    description: 'Share of the values above and below that is inside',
  }),
  ranges: Type.Array(RangeSchema, {
    description: "In the order in which the network's description gives its activations",
  }),
})

export const ActivationRangesSchema = Type.Object({
  dataset: Type.String({ description: 'What they were measured on' }),
  photos: Type.Integer({ minimum: 1, description: 'How many photos' }),
  /** A network that is left out is not computed in 8 bits. */
  networks: Type.Object({
    detector: Type.Optional(NetworkRangesSchema),
    landmarks: Type.Optional(NetworkRangesSchema),
    descriptor: Type.Optional(NetworkRangesSchema),
  }),
})

export type ActivationRange = Static<typeof RangeSchema>
export type ActivationRanges = Static<typeof ActivationRangesSchema>

/** @throws Error when the file is absent or not of the form it should have */
export async function readActivationRanges(file = ACTIVATION_RANGES_FILE): Promise<ActivationRanges> {
  return Value.Parse(ActivationRangesSchema, JSON.parse(await readFile(file, 'utf8')))
}
