/** What is timed. A network's input is a real face or photo; a pair is the whole way from two JPEG files to the distance. */
export type Task =
  | { readonly kind: 'detector'; readonly size: number; readonly photo: string }
  | { readonly kind: 'landmarks'; readonly photo: string }
  | { readonly kind: 'descriptor'; readonly count: number; readonly photo: string }
  | { readonly kind: 'pair'; readonly reference: string; readonly live: string }

/** A row of the result: its name and, for each round, the task. */
export interface Row {
  readonly name: string
  readonly taskOf: (round: number, portraits: readonly string[]) => Task
}

const inTurns = (round: number, portraits: readonly string[]) => portraits[round % portraits.length]

const detectorAt = (size: number): Row => ({
  name: `detector at ${size}`,
  taskOf: (...turn) => ({ kind: 'detector', size, photo: inTurns(...turn) }),
})

const descriptorOf = (count: number): Row => ({
  name: `descriptor, batch of ${count}`,
  taskOf: (...turn) => ({ kind: 'descriptor', count, photo: inTurns(...turn) }),
})

export const ROWS: readonly Row[] = [
  ...[128, 256, 512].map(detectorAt),
  { name: 'landmarks', taskOf: (...turn) => ({ kind: 'landmarks', photo: inTurns(...turn) }) },
  ...[1, 2, 4].map(descriptorOf),
  {
    name: 'pair of photos',
    taskOf: (round, portraits) => ({
      kind: 'pair',
      reference: inTurns(round, portraits),
      live: inTurns(round + 1, portraits),
    }),
  },
]
