const JPEG_QUALITY = 0.92

/** What is drawn on the canvas as a JPEG file of that name. */
export async function jpegFile(canvas: HTMLCanvasElement, name: string): Promise<File | undefined> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY))
  return blob ? new File([blob], name.replace(/(\.\w+)?$/, '.jpg'), { type: blob.type }) : undefined
}
