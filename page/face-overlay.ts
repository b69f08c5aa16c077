import type { PhotoReport } from '../schemas/compare.js'
import { makeSvg } from './dom.js'

/** The longer side of a photo as it is shown, roughly, in the page's pixels: what lines and texts are sized for. */
const SHOWN_SIDE = 380

/**
 * Draws the faces over a photo: box and points of the one that was compared, boxes alone of the others. The drawing has the
 * photo's own pixels as units and is fitted into its place as the photo is, so it lies right at any size.
 */
export function drawFaces(svg: SVGSVGElement, { width, height, face, others }: PhotoReport): void {
  const unit = Math.max(width, height) / SHOWN_SIDE
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
  // Each line twice, dark below bright, so that it is seen on any photo.
  const frame = (box: PhotoReport['face']['box'], kind: string) =>
    ['under', 'over'].map((layer) => makeSvg('rect', { class: `${kind} ${layer}`, ...box, rx: 4 * unit }))
  const points = Object.values(face.points).map(({ x, y }) => makeSvg('circle', { cx: x, cy: y, r: 2.5 * unit }))
  svg.replaceChildren(...others.flatMap(({ box }) => frame(box, 'other')), ...frame(face.box, 'main'), ...points)
  if (others.length > 0) svg.append(label('counts', face.box, unit))
}

/** A word at the upper edge of a box. */
function label(word: string, { x, y }: { x: number; y: number }, unit: number): SVGElement {
  const [width, height] = [54 * unit, 19 * unit]
  const top = Math.max(0, y - height)
  return makeSvg(
    'g',
    { class: 'label' },
    makeSvg('rect', { x, y: top, width, height, rx: 4 * unit }),
    makeSvg('text', { x: x + width / 2, y: top + 14 * unit, 'font-size': 13 * unit }, word),
  )
}
