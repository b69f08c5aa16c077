import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { openPhoto } from '../../lib/image/open-photo.js'
import type { Comparison } from '../../schemas/compare.js'
import { layOut, overlaySvg, PANEL, type Place } from './drawing-svg.js'

/** Without a font every letter is drawn as the same box. */
const [NARROW, WIDE] = ['i', 'M']
const WHITE = '#fff'
const SVG_LOADER = ['VipsForeignLoadSvg']

export interface Drawing {
  /** Whether there are words in it: they need a font on this machine. */
  readonly words: boolean
}

/**
 * Draws both photos side by side with face boxes, points and verdict, into a file of the format that its name says.
 * @param maxPixels most pixels a photo may have; default: as the service has it
 * @throws Error when the file cannot be written
 */
export async function writeDrawing(
  file: string,
  comparison: Comparison,
  photos: readonly [reference: string, live: string],
  maxPixels?: number,
): Promise<Drawing> {
  const words = await hasFont()
  const { width, height, places } = layOut([comparison.reference_image, comparison.live_image])
  const panels = await Promise.all(photos.map((photo, i) => drawPanel(photo, places[i], maxPixels)))
  const overlay = await render(overlaySvg(comparison, { width, height, places }, words))
  const drawing = sharp({ create: { width, height, channels: 3, background: WHITE } })
    .composite([...panels, { input: overlay }])
    .toFormat(formatOf(file), { quality: 90 })
  const bytes = await drawing.toBuffer()
  await writeFile(file, bytes).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'there is no such folder' : error.message
    throw new Error(`cannot write the drawing ${file}: ${reason}`)
  })
  return { words }
}

function formatOf(file: string): 'jpeg' | 'png' | 'webp' {
  const ending = path.extname(file).toLowerCase()
  return ending === '.png' ? 'png' : ending === '.webp' ? 'webp' : 'jpeg'
}

async function drawPanel(photo: string, { left, top, width, height }: Place, maxPixels?: number) {
  const opened = await openPhoto(photo, maxPixels === undefined ? undefined : { maxPixels })
  const { image } = await opened.preview(2 * Math.max(PANEL.width, PANEL.height))
  const raw = { width: image.width, height: image.height, channels: 3 as const }
  const input = await sharp(image.data, { raw }).resize(width, height, { fit: 'fill' }).png().toBuffer()
  return { input, left, top }
}

/** SVG is blocked in this process, as photos of strangers are decoded in it: it is let in for this one, which is ours. */
async function render(svg: string): Promise<Buffer> {
  sharp.unblock({ operation: SVG_LOADER })
  try {
    return await sharp(Buffer.from(svg)).png().toBuffer()
  } finally {
    sharp.block({ operation: SVG_LOADER })
  }
}

async function hasFont(): Promise<boolean> {
  const [narrow, wide] = await Promise.all([NARROW, WIDE].map((text) => sharp({ text: { text } }).raw().toBuffer()))
  return !narrow.equals(wide)
}
