import { find } from './dom.js'

/** The two photos of a button, by name. */
type Choose = (reference: File, live: File) => void

/** Lets a person try the service with photos that it brings itself. */
export function offerSamples(choose: Choose): void {
  const samples = find(HTMLElement, '#samples')
  samples.hidden = false
  // An installation may lack the photos that they are cut from.
  samples.addEventListener('error', () => samples.remove(), { capture: true })
  samples.addEventListener('click', async ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null
    const { reference, live } = button?.dataset ?? {}
    if (!reference || !live) return
    try {
      choose(...(await Promise.all([samplePhoto(reference), samplePhoto(live)] as const)))
    } catch {
      samples.remove()
    }
  })
}

async function samplePhoto(name: string): Promise<File> {
  const file = `${name}.jpg`
  const response = await fetch(`samples/${file}`)
  if (!response.ok) throw new Error(`no sample ${file}`)
  return new File([await response.blob()], file, { type: 'image/jpeg' })
}
