import type { Photo } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import { CHIP_SIZE } from '../networks/descriptor.js'
import { type Box, boxCentre, type Similarity } from './geometry.js'
import { cropImage, shrinkByWholeFactor } from './resample.js'

/** A face with its surroundings, at a resolution from which crops and chips can be sampled without aliasing. */
export interface FacePatch {
  readonly image: RgbImage
  /** The same as it was taken, where the image shows it in another light. */
  readonly taken?: RgbImage
  /** From pixels of the photo to pixels of the patch. */
  readonly fromPhoto: Similarity
}

/** Side of the patch in sides of the face box: a turned chip with its margin reaches no farther. */
const REACH = 2.4
/** A face box this many pixels wide fills a chip at one photo pixel to a chip pixel. */
const BOX_SIDE_OF_CHIP = CHIP_SIZE * 0.9

/** Whether the preview shows a face as large as a chip does, or the photo shows it no larger. */
export function isLargeEnough(scale: number, { width, height }: Box): boolean {
  return scale >= 1 || Math.max(width, height) * scale >= BOX_SIDE_OF_CHIP
}

/**
 * Cuts the patch of a face out of the preview, or out of the photo itself where the preview shows the face too small.
 * @param photo undefined: the preview has to do
 * @param box the face, in pixels of the photo
 * @param scale preview pixels per photo pixel
 */
export async function cutFacePatch(
  photo: Photo | undefined,
  preview: RgbImage,
  scale: number,
  box: Box,
): Promise<FacePatch> {
  const side = Math.max(box.width, box.height)
  const whole = isLargeEnough(scale, box) ? undefined : photo
  const [source, sourceScale] = whole ? [whole, 1] : [preview, scale]
  const factor = Math.max(1, Math.round((side * sourceScale) / BOX_SIDE_OF_CHIP))
  if (!whole && factor === 1) return { image: preview, fromPhoto: { a: scale, b: 0, tx: 0, ty: 0 } }
  const centre = boxCentre(box)
  const half = (REACH / 2) * side
  const left = Math.max(0, Math.floor((centre.x - half) * sourceScale))
  const top = Math.max(0, Math.floor((centre.y - half) * sourceScale))
  const right = Math.min(source.width, Math.ceil((centre.x + half) * sourceScale))
  const bottom = Math.min(source.height, Math.ceil((centre.y + half) * sourceScale))
  const rect = { left, top, width: right - left, height: bottom - top }
  const cut = whole ? await whole.region(rect) : cropImage(preview, rect)
  return {
    image: shrinkByWholeFactor(cut, factor),
    fromPhoto: { a: sourceScale / factor, b: 0, tx: -left / factor, ty: -top / factor },
  }
}
