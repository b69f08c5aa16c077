import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { PACKAGE_ROOT } from '../package-root.js'
import type { NetworkName } from '../weights.js'

/** Where the ranges lie; `npm run calibrate:ranges` writes them. */
export const ACTIVATION_RANGES_FILE = path.join(PACKAGE_ROOT, 'weights', 'activation-ranges.json')

/** The least and the largest value an activation is given room for; what lies outside is cut off. */
export type ActivationRange = readonly [number, number]

export interface NetworkRanges {
  /** Share of the values above and below that is inside, in percent. */
  readonly percentile: number
  /** In the order in which the network's description gives its activations. */
  readonly ranges: readonly ActivationRange[]
}

export interface ActivationRanges {
  /** What they were measured on. */
  readonly dataset: string
  /** How many photos. */
  readonly photos: number
  /** A network that is left out is not computed in 8 bits. */
  readonly networks: Readonly<Partial<Record<NetworkName, NetworkRanges>>>
}

/** Hands out the ranges of a network, one for each activation that its description gives. */
export class RangesInOrder {
  private given = 0

  constructor(private readonly ranges: readonly ActivationRange[]) {}

  /** @throws RangeError when there is none left */
  next(): ActivationRange {
    const range = this.ranges[this.given++]
    if (range === undefined) throw new RangeError('the network has more activations than there are ranges')
    return range
  }

  /** @throws RangeError when some are left */
  finish(): void {
    if (this.given < this.ranges.length) throw new RangeError('there are more ranges than the network has activations')
  }
}

/** @throws Error when the file, which is one of this package, is absent */
export async function readActivationRanges(file = ACTIVATION_RANGES_FILE): Promise<ActivationRanges> {
  return JSON.parse(await readFile(file, 'utf8'))
}
