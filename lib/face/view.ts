import { isDeepStrictEqual } from 'node:util'
import type { PixelRect } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import { fitIntoSquare } from './fit-into-square.js'
import { applySimilarity, boxCentre, cutBox, squareToImage, type TurnedSquare } from './geometry.js'
import type { Detection } from './non-maximum-suppression.js'
import { cropImage, sampleSquare, shrinkByWholeFactor } from './resample.js'

/** How the detector is shown a picture: as it is, or a square of it, turned. */
export interface View {
  readonly image: RgbImage
  /** What is shown, in pixels of the image; outside of the image is black. Default: all of it, in the upper left. */
  readonly square?: TurnedSquare
}

/** The picture as it is. */
export function plainView(image: RgbImage): View {
  return { image }
}

/**
 * The picture turned about its centre, or from farther off.
 * @param turn radians, clockwise, by which a face that stands upright in the view is turned in the picture
 * @param reach side of the square that is shown, in longer sides of the picture: above 1, there is black all around it
 */
export function turnedView(image: RgbImage, turn: number, reach: number): View {
  const { width, height } = image
  return { image, square: { centre: { x: width / 2, y: height / 2 }, side: reach * Math.max(width, height), turn } }
}

/** Width and height of what a view shows, in pixels of the picture. */
export function viewExtent({ image, square }: View): { readonly width: number; readonly height: number } {
  return square ? { width: square.side, height: square.side } : image
}

/** The side of the square input in pixels of the picture. */
export function viewSide({ image, square }: View): number {
  return square ? square.side : Math.max(image.width, image.height)
}

/**
 * Draws what the detector is shown of several views of the same size.
 * @param input count x size x size x 3 floats; RGB, 0 to 255
 */
export function drawViews(views: readonly View[], size: number, input: Float32Array): void {
  // Views of the same part of a picture share what it is shrunk to, which costs more than to sample it.
  let shrunk: { from: RgbImage; factor: number; part: PixelRect; image: RgbImage } | undefined
  views.forEach((view, i) => {
    const offset = i * size * size * 3
    const { square } = view
    if (square === undefined) {
      fitIntoSquare(view.image, size, input, offset)
      return
    }
    const factor = Math.max(1, Math.round(viewSide(view) / size))
    const part = factor === 1 ? wholeOf(view.image) : partSeen(view.image, square, factor)
    if (shrunk?.from !== view.image || shrunk.factor !== factor || !isDeepStrictEqual(shrunk.part, part)) {
      const image = factor === 1 ? view.image : shrinkByWholeFactor(cropImage(view.image, part), factor)
      shrunk = { from: view.image, factor, part, image }
    }
    const { a, b, tx, ty } = squareToImage(square.centre, square.side, square.turn, size)
    const toShrunk = { a: a / factor, b: b / factor, tx: (tx - part.left) / factor, ty: (ty - part.top) / factor }
    sampleSquare(shrunk.image, toShrunk, size, input, offset)
  })
}

function wholeOf({ width, height }: RgbImage): PixelRect {
  return { left: 0, top: 0, width, height }
}

/** The part of a picture that a square and the pixels around it lie in, cut where whole blocks of pixels begin and end. */
function partSeen({ width, height }: RgbImage, { centre, side, turn }: TurnedSquare, block: number): PixelRect {
  const half = (side / 2) * (Math.abs(Math.cos(turn)) + Math.abs(Math.sin(turn))) + block
  const cut = (position: number, length: number) =>
    block * Math.floor(Math.max(0, Math.min(position, length - 1)) / block)
  const [left, top] = [cut(centre.x - half, width), cut(centre.y - half, height)]
  const right = Math.min(width, cut(centre.x + half, width) + block)
  const bottom = Math.min(height, cut(centre.y + half, height) + block)
  return { left, top, width: right - left, height: bottom - top }
}

/**
 * What was found in a view, as it lies in the picture. Of a turned view, the box in the picture surrounds the ellipse that
 * fills the box in the view: a face is round, and the corners of a turned box would make it half as wide again.
 * @param detection in pixels of the picture from the view's upper left corner on
 */
export function inPhoto(detection: Detection, { image, square }: View): Detection {
  if (square === undefined) return detection
  const { box } = detection
  const { side, turn } = square
  const centre = applySimilarity(squareToImage(square.centre, side, turn, side), boxCentre(box))
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const width = Math.hypot(box.width * cos, box.height * sin)
  const height = Math.hypot(box.width * sin, box.height * cos)
  const around = { x: centre.x - width / 2, y: centre.y - height / 2, width, height }
  const upright = { centre, side: Math.max(box.width, box.height), turn }
  return { ...detection, box: cutBox(around, image), square: upright }
}
