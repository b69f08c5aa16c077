/**
 * Most costly tiles for all photos of a comparison that one process describes: enough for two large photos, the reference and the live
 * one, that both show no face at first. The ten of a burst would take five times as long, which is more than a comparison may.
 * Where idle processes share a comparison, each may look over as much: they do it at the same time, and nobody else waits for them.
 */
const MOST_TILES = 24

/** What may be spent on faces that do not show at once: one limit for all photos that are described together. */
export class SearchLimit {
  #tilesLeft = MOST_TILES

  /** @param until by `performance.now()`: from then on a photo is only looked at as it stands. Default: never */
  constructor(private readonly until = Number.POSITIVE_INFINITY) {}

  /** Whether there is no time left for another look. */
  get isOver(): boolean {
    return performance.now() >= this.until
  }

  /** Takes so many tiles of those that are left. @returns whether there were enough */
  takeTiles(count: number): boolean {
    if (count > this.#tilesLeft) return false
    this.#tilesLeft -= count
    return true
  }
}
