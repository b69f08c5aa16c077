import { faceDistance } from '../lib/face/crowding.js'
import type { FaceMeasures } from '../lib/face/face-measures.js'
import { GAINS, type Gains, stretchOf } from '../lib/face/shared-flaws.js'
import { fitGains } from './shared-flaws-fit.js'

/** A face of a photo that was made poorer, or left as it was. */
export interface PoorFace {
  readonly person: number
  /** What was done to the photo, and how much. */
  readonly kind: string
  readonly level: string
  readonly descriptor: Float32Array
  readonly measures: FaceMeasures
}

/** Thresholds of the false match rates that are looked at. */
export interface Thresholds {
  /** 1e-3 and 1e-4. */
  readonly usual: number
  readonly strict: number
}

/** Shares of pairs that match at both thresholds. */
export interface Matches {
  readonly pairs: number
  readonly usual: number
  readonly strict: number
}

/** The same pairs by three distances: not stretched, as the service does it, and by gains fitted to other people. */
export interface Compared {
  readonly plain: Matches
  readonly shipped: Matches
  readonly crossFitted: Matches
}

export interface PoorRow {
  readonly kind: string
  readonly level: string
  readonly faces: number
  /** Pairs of strangers: one photo good; both poor in this way; and pairs of the same person, both poor. */
  readonly withGood: Compared
  readonly both: Compared
  readonly genuine: Compared
}

export interface PoorPairs {
  readonly rows: readonly PoorRow[]
  /** Pairs of strangers, each photo poor in a way of its own; and pairs of which neither is. */
  readonly mixed: Compared
  readonly good: Compared
  /** Fitted to all. */
  readonly gains: Gains
}

/** What is done to a photo that stays as it is. */
export const GOOD = 'as they are'

/**
 * How often strangers match where one or both photos are poor. The people are halved, and only those of the same half are
 * compared, so that gains fitted to one half are tried on the other.
 */
export function measurePoorPairs(faces: readonly PoorFace[], thresholds: Thresholds): PoorPairs {
  const halves = [0, 1].map((half) => faces.filter(({ person }) => person % 2 === half))
  const fitted = halves.map((half) => fitGains(half, thresholds.usual))
  const compare = (pick: (half: readonly PoorFace[]) => Iterable<readonly [PoorFace, PoorFace]>): Compared => {
    const counts = [new Counts(thresholds), new Counts(thresholds), new Counts(thresholds)]
    halves.forEach((half, i) => {
      const gains = [undefined, GAINS, fitted[1 - i]]
      for (const [p, q] of pick(half)) {
        const distance = faceDistance(p.descriptor, q.descriptor)
        for (const [k, gain] of gains.entries()) {
          counts[k].add(distance * (gain ? stretchOf(p.measures, q.measures, gain) : 1))
        }
      }
    })
    const [plain, shipped, crossFitted] = counts.map((count) => count.shares())
    return { plain, shipped, crossFitted }
  }
  const levels = new Map(faces.map(({ kind, level }) => [`${kind} ${level}`, { kind, level }]))
  const isGood = ({ kind }: PoorFace) => kind === GOOD
  const rows = [...levels.values()]
    .filter(({ kind }) => kind !== GOOD)
    .map((row) => {
      const isOfRow = ({ kind, level }: PoorFace) => kind === row.kind && level === row.level
      const of = (half: readonly PoorFace[]) => half.filter(isOfRow)
      return {
        ...row,
        faces: of(faces).length,
        withGood: compare((half) => strangers(half.filter(isGood), of(half))),
        both: compare((half) => strangersAmong(of(half))),
        genuine: compare((half) => samePeople(of(half))),
      }
    })
  return {
    rows,
    mixed: compare((half) => otherwisePoor(half.filter((face) => !isGood(face)))),
    good: compare((half) => strangersAmong(half.filter(isGood))),
    gains: fitGains(faces, thresholds.usual),
  }
}

class Counts {
  #pairs = 0
  #usual = 0
  #strict = 0

  constructor(private readonly thresholds: Thresholds) {}

  add(distance: number): void {
    this.#pairs++
    if (distance <= this.thresholds.usual) this.#usual++
    if (distance <= this.thresholds.strict) this.#strict++
  }

  shares(): Matches {
    return { pairs: this.#pairs, usual: this.#usual / this.#pairs, strict: this.#strict / this.#pairs }
  }
}

/** Each two faces of different people. */
export function* strangersAmong(faces: readonly PoorFace[]): Generator<readonly [PoorFace, PoorFace]> {
  for (const [i, p] of faces.entries()) {
    for (const q of faces.slice(0, i)) if (p.person !== q.person) yield [p, q]
  }
}

function* strangers(first: readonly PoorFace[], second: readonly PoorFace[]) {
  for (const p of first) for (const q of second) if (p.person !== q.person) yield [p, q] as const
}

function* samePeople(faces: readonly PoorFace[]) {
  const others = new Map<number, PoorFace>()
  for (const face of faces) {
    const other = others.get(face.person)
    if (other) yield [other, face] as const
    others.set(face.person, face)
  }
}

function* otherwisePoor(faces: readonly PoorFace[]) {
  for (const [p, q] of strangersAmong(faces)) if (p.kind !== q.kind) yield [p, q] as const
}
