import type { RgbImage } from '../image/rgb-image.js'
import type { DetectorOutput, FaceNetworks } from '../runtime/face-networks.js'
import { NEAR_MIDDLE, offCentre } from './find-faces.js'
import { fitIntoSquare } from './fit-into-square.js'
import { type Box, boxCentre, cutBox, intersectionOverUnion } from './geometry.js'
import { type Landmarks, USUAL_ASPECT, uprightSquare, usualBox } from './landmarks.js'
import type { Detection } from './non-maximum-suppression.js'
import { withScratch } from './scratch.js'

/** Side that the tiny detector looks at a photo with: it is the cheapest, and of those it can take the best for large faces. */
export const PORTRAIT_SIZE = 96
/** Least score of the one face of a portrait: of 99.8 % of the photos of lfw-dev. More would leave out faces half as high as the photo. */
const LEAST_SCORE = 0.4
/** A score from which something may be one more face. */
const TRACE_SCORE = 0.05
/** Boxes that share less than this of what they cover together are of different faces; others of one, and their mean tells best where it is. */
const SAME_FACE_OVERLAP = 0.3
/** A large face leaves a faint trace in the cells beside its own, too: up to this score, boxes that share so little are of the same face. */
const FAINT = { score: 0.1, overlap: 0.2 }
/** Least side of the upright crop of a portrait's face, in longer sides of the photo: smaller ones were not measured. */
const LEAST_SIDE = 0.35
/**
 * Where the upright crop is on average, by the mean box: its side in heights of the box, and how far to the right of and below the
 * middle of the box it is centred, in its own sides (docs/PERFORMANCE.md).
 */
const SIDE = 0.99
const SHIFT = { x: 0.02, y: -0.05 }
/**
 * How far the points may move, in eye distances, where a face takes more than one pass of the landmarks, and how large the misfit of
 * the last points and the share of that way they moved may be together. Of the portraits of lfw-dev 97.6 % have less; of 7,873
 * turned copies 1,205 do, and the points of two of these are wrong (docs/PERFORMANCE.md).
 */
const MOST_DRIFT = 0.08
const MOST_DOUBT = 1.5
/** How much less sure a face is for that doubt: so scores are as high on average as those of the detector for the same faces. */
const DOUBT_WEIGHT = 0.08

/** Something the tiny detector sees; in sides of its input. */
interface Trace {
  readonly box: Box
  readonly score: number
}

/**
 * Finds the faces of portraits, photos that show one large face near the middle and nothing else like one, by the tiny detector: a
 * sixth of what the first look of the detector costs. Whether it is a face that stands upright, only its landmarks tell.
 * @returns for each image the face as the detector would box it on average, in pixels of the image; undefined where it is no portrait
 */
export async function findPortraits(
  networks: FaceNetworks,
  images: readonly RgbImage[],
): Promise<(Detection | undefined)[]> {
  const length = PORTRAIT_SIZE * PORTRAIT_SIZE * 3
  const output = await withScratch(images.length * length, (input) => {
    images.forEach((image, i) => {
      fitIntoSquare(image, PORTRAIT_SIZE, input, i * length)
    })
    return networks.detectPortraits(input, PORTRAIT_SIZE, images.length)
  })
  return images.map((image, i) => portraitOf(readTraces(output, i, images.length), image))
}

/**
 * The face of a portrait by its landmarks: the box that the detector draws around such points on average, and a score that says how
 * well they fit those of an upright face.
 * @param photo its size in pixels
 * @returns undefined where the landmarks are not those of an upright face
 */
export function confirmPortrait(
  { points, misfit, drift }: Landmarks,
  photo: { readonly width: number; readonly height: number },
): Detection | undefined {
  const doubt = misfit + drift / MOST_DRIFT
  if (drift > MOST_DRIFT || doubt > MOST_DOUBT) return undefined
  const box = cutBox(usualBox(uprightSquare(points)), photo)
  return { box, score: 1 - DOUBT_WEIGHT * doubt, aspect: 1 / USUAL_ASPECT }
}

function portraitOf(traces: readonly Trace[], image: RgbImage): Detection | undefined {
  if (traces.length === 0) return undefined
  const main = traces.reduce((best, trace) => (trace.score > best.score ? trace : best))
  const isMain = ({ box, score }: Trace) =>
    intersectionOverUnion(box, main.box) >= (score <= FAINT.score ? FAINT.overlap : SAME_FACE_OVERLAP)
  if (main.score < LEAST_SCORE || !traces.every(isMain)) return undefined
  const longer = Math.max(image.width, image.height)
  const box = meanBox(traces, longer)
  const side = SIDE * box.height
  if (side < LEAST_SIDE * longer) return undefined
  const { x, y } = boxCentre(box)
  const centre = { x: x + SHIFT.x * side, y: y + SHIFT.y * side }
  const face = usualBox({ centre, side, turn: 0 })
  if (offCentre(face, image) > NEAR_MIDDLE) return undefined
  // Nothing speaks against it yet.
  return { box: face, score: 1, aspect: 1 / USUAL_ASPECT }
}

/** The mean of the boxes, each as heavy as it is sure, in pixels. */
function meanBox(traces: readonly Trace[], scale: number): Box {
  const weight = traces.reduce((sum, { score }) => sum + score, 0)
  const mean = (of: (box: Box) => number) =>
    (scale * traces.reduce((sum, { box, score }) => sum + score * of(box), 0)) / weight
  return { x: mean(({ x }) => x), y: mean(({ y }) => y), width: mean((b) => b.width), height: mean((b) => b.height) }
}

/** What is seen in one image of a batch. */
function readTraces({ boxes, scores }: DetectorOutput, index: number, count: number): Trace[] {
  const perImage = scores.length / count
  const traces: Trace[] = []
  for (let i = index * perImage; i < (index + 1) * perImage; i++) {
    if (scores[i] < TRACE_SCORE) continue
    const [y1, x1, y2, x2] = boxes.subarray(4 * i, 4 * i + 4)
    traces.push({ box: { x: x1, y: y1, width: x2 - x1, height: y2 - y1 }, score: scores[i] })
  }
  return traces
}
