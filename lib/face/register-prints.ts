import { PRINT_FACE, PRINT_SIDE, type Shades } from './photo-print.js'

/** Where a print lies in another one, around the middle of both: x' = (1 + a) x - b y + tx, y' = b x + (1 + a) y + ty. */
export type Placement = readonly [a: number, b: number, tx: number, ty: number]

const MIDDLE = (PRINT_SIDE - 1) / 2
/** Registration looks at the face and a little around it: half a side, in pixels. */
const REACH = Math.round(PRINT_FACE * 0.65)
const MOST_STEPS = 8
/** A step smaller than this, in pixels at the edge of the face, is the last. */
const SETTLED = 0.01
/** The landmarks are never off by more: scale and turn (of 1), and shift (in pixels). */
const LARGEST: Placement = [0.15, 0.15, 4, 4]
/** Fewer pixels in common cannot be registered. */
const LEAST_PIXELS = 100

/**
 * Moves `moving` over `fixed` until the faces fit: landmarks of two copies of one photo differ by a few hundredths of the
 * face, which is enough to hide that they are copies.
 * Source: Gauss-Newton on the differences of brightness (Lucas and Kanade, 1981), after both have been given the same mean
 * and contrast.
 */
export function registerPrints(fixed: Shades, moving: Shades): Placement {
  let placement: Placement = [0, 0, 0, 0]
  for (let step = 0; step < MOST_STEPS; step++) {
    const change = stepTowards(fixed, placePrint(moving, placement, REACH + 1))
    if (change === undefined) break
    const next = placement.map((value, i) => clamp(value + change[i], LARGEST[i]))
    placement = [next[0], next[1], next[2], next[3]]
    const [a, b, x, y] = change
    if (REACH * (Math.abs(a) + Math.abs(b)) + Math.abs(x) + Math.abs(y) < SETTLED) break
  }
  return placement
}

/**
 * The print where `placement` puts it, by linear interpolation.
 * @param reach how far from the middle it is wanted, in pixels; the rest is not seen
 */
export function placePrint({ luma, seen }: Shades, placement: Placement, reach = MIDDLE): Shades {
  const placed = { luma: new Float32Array(luma.length), seen: new Uint8Array(seen.length) }
  const [a, b, tx, ty] = placement
  const [first, last] = [Math.ceil(MIDDLE - reach), Math.floor(MIDDLE + reach)]
  for (let y = first; y <= last; y++) {
    for (let x = first; x <= last; x++) {
      const [u, v] = [x - MIDDLE, y - MIDDLE]
      const px = (1 + a) * u - b * v + tx + MIDDLE
      const py = b * u + (1 + a) * v + ty + MIDDLE
      const [left, top] = [Math.floor(px), Math.floor(py)]
      if (left < 0 || top < 0 || left + 1 >= PRINT_SIDE || top + 1 >= PRINT_SIDE) continue
      const i = top * PRINT_SIDE + left
      const below = i + PRINT_SIDE
      if (!(seen[i] && seen[i + 1] && seen[below] && seen[below + 1])) continue
      const [fx, fy] = [px - left, py - top]
      const upper = luma[i] + fx * (luma[i + 1] - luma[i])
      const lower = luma[below] + fx * (luma[below + 1] - luma[below])
      placed.luma[y * PRINT_SIDE + x] = upper + fy * (lower - upper)
      placed.seen[y * PRINT_SIDE + x] = 1
    }
  }
  return placed
}

/** One Gauss-Newton step; undefined where too little is seen of both or there is nothing to hold on to. */
function stepTowards(fixed: Shades, placed: Shades): readonly number[] | undefined {
  const pixels = commonPixels(fixed, placed)
  if (pixels.length < LEAST_PIXELS) return undefined
  const [f, p] = [momentsOf(fixed.luma, pixels), momentsOf(placed.luma, pixels)]
  const gain = f.deviation / Math.max(p.deviation, 1e-6)
  const normal = Array.from({ length: 4 }, () => new Float64Array(5))
  for (const i of pixels) {
    const [u, v] = [(i % PRINT_SIDE) - MIDDLE, Math.floor(i / PRINT_SIDE) - MIDDLE]
    const gx = (gain * (placed.luma[i + 1] - placed.luma[i - 1])) / 2
    const gy = (gain * (placed.luma[i + PRINT_SIDE] - placed.luma[i - PRINT_SIDE])) / 2
    const slope = [gx * u + gy * v, gy * u - gx * v, gx, gy]
    const difference = fixed.luma[i] - f.mean - gain * (placed.luma[i] - p.mean)
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 4; column++) normal[row][column] += slope[row] * slope[column]
      normal[row][4] += slope[row] * difference
    }
  }
  return solve(normal)
}

/** The pixels around the face that both show, with their neighbours. */
function commonPixels(fixed: Shades, placed: Shades): number[] {
  const pixels: number[] = []
  const [first, last] = [Math.ceil(MIDDLE - REACH), Math.floor(MIDDLE + REACH)]
  for (let y = first; y <= last; y++) {
    for (let i = y * PRINT_SIDE + first; i <= y * PRINT_SIDE + last; i++) {
      const { seen } = placed
      const around = seen[i - 1] && seen[i + 1] && seen[i - PRINT_SIDE] && seen[i + PRINT_SIDE]
      if (fixed.seen[i] && seen[i] && around) pixels.push(i)
    }
  }
  return pixels
}

function momentsOf(values: Float32Array, pixels: readonly number[]) {
  const mean = pixels.reduce((sum, i) => sum + values[i], 0) / pixels.length
  const square = pixels.reduce((sum, i) => sum + (values[i] - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(square / pixels.length) }
}

/** Solves four equations in four unknowns by elimination; the fifth column is the right side. Undefined if there is no one solution. */
function solve(rows: readonly Float64Array[]): readonly number[] | undefined {
  for (let i = 0; i < 4; i++) {
    if (!(rows[i][i] > 1e-9)) return undefined
    for (let k = 0; k < 4; k++) {
      if (k === i) continue
      const factor = rows[k][i] / rows[i][i]
      for (let column = i; column < 5; column++) rows[k][column] -= factor * rows[i][column]
    }
  }
  return rows.map((row, i) => row[4] / row[i])
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value))
}
