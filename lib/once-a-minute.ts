const MINUTE_MS = 60_000

/** Makes a function that tells once a minute at most: of what happens again and again, one line says as much as ten thousand. */
export function onceAMinute<Told extends unknown[]>(tell: (...told: Told) => void): (...told: Told) => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return (...told) => {
    if (performance.now() - toldAt < MINUTE_MS) return
    toldAt = performance.now()
    tell(...told)
  }
}
