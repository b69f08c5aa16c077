import { jpegFile } from './jpeg-file.js'

/** Photos of no more pixels than this are sent as they are. */
const MOST_PIXELS = 2_000_000

/** The photo with fewer pixels, as JPEG; as it is where it is small already or this browser cannot read it. */
export async function shrink(file: File): Promise<File> {
  let photo: ImageBitmap
  try {
    photo = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return file
  }
  try {
    const scale = Math.sqrt(MOST_PIXELS / (photo.width * photo.height))
    if (scale >= 1) return file
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(photo.width * scale)
    canvas.height = Math.round(photo.height * scale)
    const context = canvas.getContext('2d')
    if (!context) return file
    context.imageSmoothingQuality = 'high'
    context.drawImage(photo, 0, 0, canvas.width, canvas.height)
    return (await jpegFile(canvas, file.name)) ?? file
  } finally {
    photo.close()
  }
}
