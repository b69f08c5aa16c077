import sharp from 'sharp'

/** What a form part holds: text, or the bytes of a file. */
export type PartValue = string | Uint8Array<ArrayBuffer>

/** The parts of a form, in order; a name may come twice. */
export type Parts = readonly (readonly [name: string, value: PartValue, fileName?: string])[]

/** A small picture that is a JPEG in every respect. */
export const PICTURE = Uint8Array.from(
  await sharp({ create: { width: 64, height: 48, channels: 3, background: '#c96' } })
    .jpeg()
    .toBuffer(),
)

export function formOfParts(parts: Parts): FormData {
  const form = new FormData()
  for (const [name, value, fileName = 'photo.jpg'] of parts) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, new Blob([value]), fileName)
  }
  return form
}

/** The form as a browser or curl would send it, for `inject`. */
export async function formRequest(parts: Parts, url = '/compare') {
  const response = new Response(formOfParts(parts))
  const payload = Buffer.from(await response.arrayBuffer())
  return {
    method: 'POST' as const,
    url,
    payload,
    headers: { 'content-type': response.headers.get('content-type') ?? '' },
  }
}

/** A form with two pictures, and what else is given. */
export function pictures(...more: Parts): Parts {
  return [['reference_image', PICTURE], ['live_image', PICTURE], ...more]
}
