import type { Photo } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import { DETECTOR_SIZE_STEP } from '../networks/detector.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import { findFacesAt, findTraces } from './find-faces.js'
import { boxCentre, type Point, scaleSquare } from './geometry.js'
import { judgeLooks, type Look, SURE_PLAUSIBILITY } from './look.js'
import { orderFaces } from './main-face.js'
import { type Detection, scaleDetection, suppressNonMaxima } from './non-maximum-suppression.js'
import type { SearchLimit } from './search-limit.js'

/** How a photo is laid out in overlapping square tiles to be looked at closely. */
interface Scan {
  /** Side of a tile, in pixels: the detector's size. */
  readonly tile: number
  /** Most tiles, whatever the size of the photo: what bounds the time a photo without a face takes. */
  readonly most: number
}

/** Closer and closer; the last is costly, and bounded by its 12 tiles: 27 times a look at the whole photo with 512 pixels. */
const SCANS: readonly Scan[] = [
  { tile: 1024, most: 1 },
  { tile: 768, most: 12 },
]
/** Pixels that neighbouring tiles share; larger faces than this are found in the scan before. */
const OVERLAP = 64
/** Largest number of pixels of a tile that a pixel of the photo becomes. */
const LARGEST_SCALE = 1.25
/** The longer side of the photo, in pixels, with which it was looked at before. */
const SIDE_BEFORE = 512
/** How much larger the photo has to be shown for it to be worth while. */
const MUCH_CLOSER = 1.15
/**
 * A score that is worth to go nearer. Faces 16 pixels high get more than this in 90 of 100 cases, 12 pixels high in half;
 * surely found are those of 24 pixels.
 */
const TRACE_SCORE = 0.04
/** Pixels of the preview per pixel of a tile from which it is good enough for a scan. */
const SHARP_ENOUGH = 0.75
/** A tile is looked at only where pixels that lie this part of its side apart differ by more than so many levels. */
const DETAIL_STEPS = 160
const LEAST_CONTRAST = 16
/** The surest traces of a scan, which are gone nearer to. */
const MOST_TRACES = 8
/** How near is gone, one after another: sides of what is shown, in sides of the trace's box, and how it is turned. */
const APPROACHES: readonly (readonly { readonly zoom: number; readonly turn: number }[])[] = [
  [1.8, 2.2].map((zoom) => ({ zoom, turn: 0 })),
  [1, 2, 3].map((quarters) => ({ zoom: 2, turn: (quarters * Math.PI) / 2 })),
]
/** The detector's size for what is shown. */
const VIEW_SIZE = 128
/** The photo is not made larger than this to go near, in pixels of its longer side: it has to be held in memory. */
const MOST_SIDE = 4096
/** From where on a face seen from near is one. */
const LEAST_PLAUSIBILITY = 0.2

/**
 * Looks for faces too small to be found in the preview: the detector looks over the photo tile by tile, and goes near to
 * whatever may be a face, however unsure it is; at first as it stands, then turned by quarters.
 * @param thoroughly whether to look over the photo as closely as it can be, too, which is costly
 * @returns one look with all faces, in pixels of the preview; none where there is no face
 */
export async function lookCloser(
  networks: FaceNetworks,
  photo: Photo,
  preview: RgbImage,
  thoroughly: boolean,
  limit: SearchLimit,
): Promise<Look[]> {
  const isWhole = longerSide(preview) >= longerSide(photo)
  let decoded: RgbImage | undefined
  const closeUp = async () => {
    decoded ??= isWhole ? preview : (await photo.preview(MOST_SIDE)).image
    return decoded
  }
  let seen = SIDE_BEFORE
  for (const scan of thoroughly ? SCANS : SCANS.slice(0, -1)) {
    const grid = layTiles(photo, scan)
    const longer = grid.scale * longerSide(photo)
    if (longer < MUCH_CLOSER * seen) continue
    if (limit.isOver || (scan.most > 1 && !limit.takeTiles(grid.columns * grid.rows))) break
    seen = longer
    const image = longerSide(preview) >= SHARP_ENOUGH * longer ? preview : await closeUp()
    const traces = await scanTiles(networks, image, grid, (grid.tile * longerSide(image)) / longer)
    if (traces.length === 0) continue
    const near = await closeUp()
    const scale = longerSide(near) / longerSide(image)
    const found = await goNear(
      networks,
      near,
      traces.map((trace) => scaleDetection(trace, scale)),
    )
    if (found.length > 0) return [asLook(found, near, preview)]
  }
  return []
}

/** How tiles cover a photo. */
interface Grid {
  readonly tile: number
  /** Pixels of a tile per pixel of the photo. */
  readonly scale: number
  readonly columns: number
  readonly rows: number
}

/** The largest scale at which no more tiles than may be cover the photo, and how many across and down. */
function layTiles({ width, height }: Photo, { tile, most }: Scan): Grid {
  const step = tile - OVERLAP
  const count = (length: number) => Math.max(1, Math.ceil((length - OVERLAP) / step - 1e-6))
  const scales = Array.from({ length: most }, (_, i) => (i + 1) * step + OVERLAP)
    .flatMap((length) => [length / width, length / height])
    .concat(LARGEST_SCALE)
    .filter((scale) => scale <= LARGEST_SCALE && count(scale * width) * count(scale * height) <= most)
  const scale = Math.max(...scales)
  // A photo that is smaller than a tile takes only as large a one as it needs.
  const needed = DETECTOR_SIZE_STEP * Math.ceil((scale * longerSide({ width, height })) / DETECTOR_SIZE_STEP)
  return { tile: Math.min(tile, needed), scale, columns: count(scale * width), rows: count(scale * height) }
}

/** @param side of a tile, in pixels of the image */
async function scanTiles(
  networks: FaceNetworks,
  image: RgbImage,
  { tile, columns, rows }: Grid,
  side: number,
): Promise<Detection[]> {
  const place = (i: number, count: number, length: number) =>
    count === 1 ? side / 2 : side / 2 + (i * (length - side)) / (count - 1)
  const traces: Detection[] = []
  for (let i = 0; i < columns * rows; i++) {
    const centre = {
      x: place(i % columns, columns, image.width),
      y: place(Math.floor(i / columns), rows, image.height),
    }
    if (!hasDetail(image, centre, side)) continue
    // One after another: all at once would take some hundred megabytes.
    const view = { image, square: { centre, side, turn: 0 } }
    traces.push(...(await findTraces(networks, [view], tile, TRACE_SCORE, MOST_TRACES)))
  }
  return suppressNonMaxima(traces, MOST_TRACES)
}

/** Whether a tile shows more than sky or a wall: whether two of its pixels, a few apart, differ clearly. */
function hasDetail({ width, height, data }: RgbImage, { x, y }: Point, side: number): boolean {
  const step = Math.max(1, Math.round(side / DETAIL_STEPS))
  const [left, right] = [Math.max(0, Math.floor(x - side / 2)), Math.min(width, Math.ceil(x + side / 2)) - step]
  const [top, bottom] = [Math.max(0, Math.floor(y - side / 2)), Math.min(height, Math.ceil(y + side / 2)) - step]
  for (let row = top; row < bottom; row += step) {
    for (let column = left; column < right; column += step) {
      const green = 3 * (row * width + column) + 1
      const [across, down] = [data[green + 3 * step], data[green + 3 * step * width]]
      if (Math.max(Math.abs(across - data[green]), Math.abs(down - data[green])) > LEAST_CONTRAST) return true
    }
  }
  return false
}

/** The faces there are at some traces, each from where it is most plausible; in pixels of the image. */
async function goNear(networks: FaceNetworks, image: RgbImage, traces: readonly Detection[]): Promise<Look[]> {
  const best = new Map<Detection, Look>()
  for (const approach of APPROACHES) {
    const views = traces.flatMap((trace) =>
      approach.map(({ zoom, turn }) => {
        const { box } = trace
        const side = zoom * Math.max(box.width, box.height)
        return { trace, image, square: { centre: boxCentre(box), side, turn } }
      }),
    )
    const found = await findFacesAt(networks, views, VIEW_SIZE)
    const seen = found.flatMap((faces, i) => (faces.length > 0 ? [{ faces, trace: views[i].trace }] : []))
    const looks = await judgeLooks(
      networks,
      image,
      seen.map(({ faces }) => faces),
    )
    looks.forEach((look, i) => {
      const { trace } = seen[i]
      if (look.plausibility > (best.get(trace)?.plausibility ?? LEAST_PLAUSIBILITY)) best.set(trace, look)
    })
    if ([...best.values()].some(({ plausibility }) => plausibility >= SURE_PLAUSIBILITY)) break
  }
  return [...best.values()]
}

/** All faces as one look, in pixels of the preview. */
function asLook(found: readonly Look[], image: RgbImage, preview: RgbImage): Look {
  const looks = new Map(found.map((look) => [look.faces[0], look]))
  const { ordered } = orderFaces(suppressNonMaxima([...looks.keys()]), image)
  const scale = longerSide(preview) / longerSide(image)
  const look = looks.get(ordered[0])!
  return {
    ...look,
    faces: ordered.map((face) => scaleDetection(face, scale)),
    upright: scaleSquare(look.upright, scale),
  }
}

function longerSide({ width, height }: { readonly width: number; readonly height: number }): number {
  return Math.max(width, height)
}
