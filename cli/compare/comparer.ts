import type { Comparison, Faces } from '../../schemas/compare.js'
import type { ProblemDetails } from '../../schemas/problem.js'

/** What a comparison is asked for, whoever makes it. */
export interface Wishes {
  /** Without it, that of the engine. */
  readonly threshold?: number
  readonly faces: Faces
}

/** A comparison that was refused, with what the service answers then; the message is its `detail`. */
export class Refusal extends Error {
  override readonly name = 'Refusal'

  constructor(readonly problem: ProblemDetails) {
    super(problem.detail)
  }
}

/** Compares photos with one reference photo. */
export interface Comparer {
  /** How many comparisons are worth asking for at a time. */
  readonly atATime: number
  /**
   * @param live path of a photo
   * @throws Refusal when the photos cannot be compared
   * @throws Error when it cannot be asked at all
   */
  compare(live: string): Promise<Comparison>
  close(): Promise<void>
}
