/** What is timed. A network's input is a real face or photo; a pair is the whole way from two JPEG files to the distance. */
export type Task =
  | { readonly kind: 'detector'; readonly size: number; readonly count: number; readonly photo: string }
  | { readonly kind: 'landmarks'; readonly count: number; readonly photo: string }
  | { readonly kind: 'descriptor'; readonly count: number; readonly photo: string }
  | { readonly kind: 'pair'; readonly reference: string; readonly live: string }
  /** One after the other, as a service is asked: a photo that was just read is not read again. */
  | { readonly kind: 'pairs'; readonly pairs: readonly (readonly [reference: string, live: string])[] }

/** A row of the result: its name and, for each round, the task. */
export interface Row {
  readonly name: string
  readonly taskOf: (round: number, portraits: readonly string[]) => Task
}

const inTurns = (round: number, portraits: readonly string[]) => portraits[round % portraits.length]

const inBatch = (name: string, count: number) => (count === 1 ? name : `${name}, batch of ${count}`)

const detector = (size: number, count: number): Row => ({
  name: inBatch(`detector at ${size}`, count),
  taskOf: (...turn) => ({ kind: 'detector', size, count, photo: inTurns(...turn) }),
})

const landmarks = (count: number): Row => ({
  name: inBatch('landmarks', count),
  taskOf: (...turn) => ({ kind: 'landmarks', count, photo: inTurns(...turn) }),
})

const descriptor = (count: number): Row => ({
  name: inBatch('descriptor', count),
  taskOf: (...turn) => ({ kind: 'descriptor', count, photo: inTurns(...turn) }),
})

const PAIR: Row = {
  name: 'pair of photos',
  taskOf: (round, portraits) => ({
    kind: 'pair',
    reference: inTurns(round, portraits),
    live: inTurns(round + 1, portraits),
  }),
}

export const ROWS: readonly Row[] = [
  ...[128, 256, 512].map((size) => detector(size, 1)),
  landmarks(1),
  ...[1, 2, 4].map(descriptor),
  PAIR,
]

/** For the comparison of runtimes: batch sizes too. */
export const RUNTIME_ROWS: readonly Row[] = [
  detector(128, 1),
  detector(128, 2),
  detector(256, 1),
  detector(512, 1),
  ...[1, 2].map(landmarks),
  ...[1, 2, 4, 8].map(descriptor),
  PAIR,
]
