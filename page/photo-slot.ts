import type { PhotoField } from '../lib/errors.js'
import type { PhotoReport } from '../schemas/compare.js'
import { find, showText } from './dom.js'
import { drawFaces } from './face-overlay.js'
import { bytes } from './words.js'

/**
 * One of the two photos: its card on the page. The file itself lies in the form's own input wherever it came from, so the
 * form is always what will be sent.
 */
export class PhotoSlot {
  readonly field: PhotoField
  readonly card: HTMLElement
  /** Called when another photo is there, or none any more. */
  onChange: () => void = () => {}
  readonly #input: HTMLInputElement
  readonly #image: HTMLImageElement
  readonly #faces: SVGSVGElement
  readonly #about: HTMLElement
  readonly #problem: HTMLElement

  constructor(selector: string, field: PhotoField) {
    this.field = field
    this.card = find(HTMLElement, selector)
    this.#input = find(HTMLInputElement, 'input[type=file]', this.card)
    this.#image = find(HTMLImageElement, '.shown img', this.card)
    this.#faces = find(SVGSVGElement, '.faces', this.card)
    this.#about = find(HTMLElement, '.about', this.card)
    this.#problem = find(HTMLElement, '.wrong', this.card)
    this.#input.addEventListener('change', () => this.#show())
    find(HTMLButtonElement, '.remove', this.card).addEventListener('click', () => {
      this.put()
      this.focus()
    })
    // Browsers keep the file of a page that is loaded anew.
    this.#show()
  }

  get file(): File | undefined {
    return this.#input.files?.[0]
  }

  /** Puts a photo here, or takes away the one that is. */
  put(file?: File): void {
    const transfer = new DataTransfer()
    if (file) transfer.items.add(file)
    this.#input.files = transfer.files
    this.#show()
  }

  focus(): void {
    this.#input.focus()
  }

  /** Shows where the faces are that the service found. */
  showFaces(report: PhotoReport): void {
    drawFaces(this.#faces, report)
  }

  /** Says what is wrong with this photo. */
  showProblem(text: string): void {
    showText(this.#problem, text)
    this.#input.setAttribute('aria-invalid', 'true')
  }

  /** Takes back what was found in the photo. */
  clearFindings(): void {
    this.#faces.replaceChildren()
    showText(this.#problem, undefined)
    this.#input.removeAttribute('aria-invalid')
  }

  #show(): void {
    const { file } = this
    this.clearFindings()
    URL.revokeObjectURL(this.#image.src)
    this.#image.removeAttribute('src')
    this.#about.textContent = file ? `${file.name} · ${bytes(file.size)}` : ''
    find(HTMLElement, '.empty', this.card).hidden = file !== undefined
    find(HTMLElement, '.shown', this.card).hidden = file === undefined
    find(HTMLElement, '.remove', this.card).hidden = file === undefined
    if (file) this.#preview(file)
    this.onChange()
  }

  async #preview(file: File): Promise<void> {
    this.#image.src = URL.createObjectURL(file)
    try {
      await this.#image.decode()
    } catch {
      if (this.file !== file) return
      this.#about.textContent = `${file.name} · ${bytes(file.size)} · this browser cannot show it, the service may read it`
      return
    }
    if (this.file !== file) return
    const { naturalWidth, naturalHeight } = this.#image
    this.#about.textContent = `${file.name} · ${naturalWidth} × ${naturalHeight} · ${bytes(file.size)}`
  }
}
