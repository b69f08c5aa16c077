/**
 * As Promise.all, but only once all have settled: nothing of it goes on unseen after a failure. Of several failures the first
 * in order counts, not in time.
 */
export async function allInOrder<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work)
  return Promise.all(work)
}
