import type { Comparison, PhotoReport } from '../../schemas/compare.js'
import { describeRate, short, type VerdictLook, verdictOf } from './describe-comparison.js'

/** Most pixels a photo takes in the drawing. */
export const PANEL = { width: 900, height: 640 }
const MARGIN = 24
const BANNER_HEIGHT = 112
/** So that the words below fit. */
const LEAST_WIDTH = 960

/** Where a photo lies in the drawing, in whole pixels, and how many of those one pixel of the photo takes. */
export interface Place {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly scale: number
}

export interface Layout {
  readonly width: number
  readonly height: number
  /** Of the reference photo, and of the live one. */
  readonly places: readonly Place[]
}

/** The photos side by side, each as large as a panel lets it be, and room for the verdict below. */
export function layOut(photos: readonly Pick<PhotoReport, 'width' | 'height'>[]): Layout {
  const scales = photos.map(({ width, height }) => Math.min(PANEL.width / width, PANEL.height / height))
  const sizes = photos.map((photo, i) => ({
    width: Math.max(1, Math.round(photo.width * scales[i])),
    height: Math.max(1, Math.round(photo.height * scales[i])),
  }))
  const tallest = Math.max(...sizes.map(({ height }) => height))
  const content = sizes.reduce((sum, { width }) => sum + width, MARGIN * (sizes.length - 1))
  const width = Math.max(LEAST_WIDTH, content + 2 * MARGIN)
  let left = Math.round((width - content) / 2)
  const places = sizes.map((size, i) => {
    const place = { ...size, left, top: MARGIN + Math.round((tallest - size.height) / 2), scale: scales[i] }
    left += size.width + MARGIN
    return place
  })
  return { width, height: tallest + BANNER_HEIGHT + 2 * MARGIN, places }
}

/** Everything that lies over the photos and below them, as SVG. */
export function overlaySvg(comparison: Comparison, { width, height, places }: Layout, words: boolean): string {
  const photos = [comparison.reference_image, comparison.live_image]
  const faces = photos.map((photo, i) => drawFaces(photo, places[i]))
  const labels = ['reference', 'live'].map((text, i) => drawLabel(text, places[i]))
  const banner = drawBanner(comparison, height - BANNER_HEIGHT, words)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif">
${[...faces, ...(words ? labels : []), banner].join('\n')}
</svg>`
}

/** Box and points of the face that counts, boxes alone of the others; each line dark below bright, to be seen on any photo. */
function drawFaces({ face, others }: PhotoReport, { left, top, scale }: Place): string {
  const frame = ({ x, y, width, height }: PhotoReport['face']['box'], colour: string, more = '') =>
    [
      { stroke: '#000', thickness: 5 },
      { stroke: colour, thickness: 2.5 },
    ].map(
      ({ stroke, thickness }) =>
        `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="${stroke}" stroke-width="${thickness / scale}"${more}/>`,
    )
  const dashes = ` stroke-dasharray="${8 / scale}"`
  const points = Object.values(face.points).map(
    ({ x, y }) =>
      `<circle cx="${x}" cy="${y}" r="${4 / scale}" fill="#ffd60a" stroke="#000" stroke-width="${1.5 / scale}"/>`,
  )
  const shapes = [...others.flatMap(({ box }) => frame(box, '#ddd', dashes)), ...frame(face.box, '#fff'), ...points]
  return `<g transform="translate(${left} ${top}) scale(${scale})">${shapes.join('')}</g>`
}

function drawLabel(text: string, { left, top }: Place): string {
  return `<rect x="${left}" y="${top}" width="${24 + 11 * text.length}" height="32" fill="#000" fill-opacity=".65"/>
<text x="${left + 12}" y="${top + 22}" font-size="18" fill="#fff">${text}</text>`
}

/** Not by colour alone: a tick, a cross or a dash. */
const SIGNS: Record<VerdictLook, { colour: string; path: string }> = {
  green: { colour: '#1a7f37', path: 'M-16 2 L-5 13 L17 -11' },
  red: { colour: '#b42318', path: 'M-13 -13 L13 13 M13 -13 L-13 13' },
  yellow: { colour: '#9a6700', path: 'M-15 0 L15 0' },
}

function drawBanner(comparison: Comparison, top: number, words: boolean): string {
  const { words: verdict, look } = verdictOf(comparison)
  const { colour, path } = SIGNS[look]
  const { distance, threshold, false_match_rate } = comparison
  const numbers = `distance ${short(distance)}, threshold ${short(threshold)}; ${describeRate(false_match_rate)} pairs of different people come this close`
  const middle = top + BANNER_HEIGHT / 2 - MARGIN / 2
  const mark = `<g transform="translate(${MARGIN + 36} ${middle})"><circle r="36" fill="${colour}"/><path d="${path}" fill="none" stroke="#fff" stroke-width="7"/></g>`
  if (!words) return mark
  return `${mark}
<text x="${MARGIN + 96}" y="${middle - 4}" font-size="32" font-weight="bold" fill="${colour}">${verdict}</text>
<text x="${MARGIN + 96}" y="${middle + 28}" font-size="20" fill="#333">${numbers}</text>`
}
