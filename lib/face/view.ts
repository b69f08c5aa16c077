import type { RgbImage } from '../image/rgb-image.js'
import { applySimilarity, type Box, boxCentre, type Point, type Similarity, squareToImage } from './geometry.js'
import type { Detection } from './non-maximum-suppression.js'
import { fitIntoSquare, sampleSquare, shrinkByWholeFactor } from './resample.js'

/** How the detector is shown a photo: as it is, or turned about its centre, or from farther off. */
export interface View {
  readonly image: RgbImage
  /** Radians, clockwise, by which a face that stands upright in the view is turned in the photo. */
  readonly turn: number
  /** Side of the square that is shown, in longer sides of the photo: above 1, there is black all around the photo. */
  readonly reach: number
}

/** The photo as it is. */
export function plainView(image: RgbImage): View {
  return { image, turn: 0, reach: 1 }
}

function isPlain({ turn, reach }: View): boolean {
  return turn === 0 && reach === 1
}

/** Width and height of what a view shows, in pixels of the photo. */
export function viewExtent(view: View): { readonly width: number; readonly height: number } {
  if (isPlain(view)) return view.image
  const side = viewSide(view)
  return { width: side, height: side }
}

/** The side of the square input in pixels of the photo. */
export function viewSide({ image, reach }: View): number {
  return reach * Math.max(image.width, image.height)
}

/**
 * Draws what the detector is shown of several views of the same size.
 * @param input count x size x size x 3 floats; RGB, 0 to 255
 */
export function drawViews(views: readonly View[], size: number, input: Float32Array): void {
  // Views of one photo share what it is shrunk to, which costs more than to sample it.
  let shrunk: { from: RgbImage; factor: number; image: RgbImage } | undefined
  views.forEach((view, i) => {
    const offset = i * size * size * 3
    if (isPlain(view)) {
      fitIntoSquare(view.image, size, input, offset)
      return
    }
    const factor = Math.max(1, Math.round(viewSide(view) / size))
    if (shrunk?.from !== view.image || shrunk.factor !== factor) {
      shrunk = { from: view.image, factor, image: shrinkByWholeFactor(view.image, factor) }
    }
    const { a, b, tx, ty } = viewToPhoto(view, size)
    const toShrunk = { a: a / factor, b: b / factor, tx: tx / factor, ty: ty / factor }
    sampleSquare(shrunk.image, toShrunk, size, input, offset)
  })
}

/**
 * What was found in a view, as it lies in the photo. Of a turned view, the box in the photo surrounds the ellipse that
 * fills the box in the view: a face is round, and the corners of a turned box would make it half as wide again.
 * @param detection in pixels of the photo from the view's upper left corner on
 */
export function inPhoto({ box, score }: Detection, view: View): Detection {
  if (isPlain(view)) return { box, score }
  const centre = applySimilarity(viewToPhoto(view, viewSide(view)), boxCentre(box))
  const [cos, sin] = [Math.cos(view.turn), Math.sin(view.turn)]
  const half = {
    x: Math.hypot(box.width * cos, box.height * sin) / 2,
    y: Math.hypot(box.width * sin, box.height * cos) / 2,
  }
  const square = { centre, side: Math.max(box.width, box.height), turn: view.turn }
  return { box: cutAtBorders(centre, half, view.image), score, square }
}

function cutAtBorders(centre: Point, half: Point, { width, height }: RgbImage): Box {
  const [left, top] = [Math.max(0, centre.x - half.x), Math.max(0, centre.y - half.y)]
  const [right, bottom] = [Math.min(width, centre.x + half.x), Math.min(height, centre.y + half.y)]
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** From the pixels of a view drawn with `size`, not plain, to those of the photo. */
function viewToPhoto(view: View, size: number): Similarity {
  const centre = { x: view.image.width / 2, y: view.image.height / 2 }
  return squareToImage(centre, viewSide(view), view.turn, size)
}
