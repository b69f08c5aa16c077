import { find } from './dom.js'

/** The name under which the key lies in the tab's own storage, if the person wants that. */
const STORAGE_NAME = 'facemetric-key'

/** The field for the API key. It shows where the service wants one. */
export class ApiKeyField {
  readonly #fieldset = find(HTMLFieldSetElement, '#key-field')
  readonly #input = find(HTMLInputElement, '#key')
  readonly #keep = find(HTMLInputElement, '#keep-key')
  readonly #wrong = find(HTMLElement, '#key-wrong')

  constructor() {
    const kept = sessionStorage.getItem(STORAGE_NAME)
    this.#input.value = kept ?? ''
    this.#keep.checked = kept !== null
    this.#fieldset.hidden = kept === null
    if (kept === null) this.#showIfWanted()
    for (const element of [this.#input, this.#keep]) element.addEventListener('change', () => this.#store())
  }

  /** Empty where there is none. */
  get key(): string {
    return this.#input.value.trim()
  }

  /** Asks for a key, or for another one, as the service did not take this. */
  ask(): void {
    this.#wrong.textContent = this.key === '' ? '' : 'The service does not take this key.'
    this.#fieldset.hidden = false
    this.#input.focus()
  }

  accepted(): void {
    this.#wrong.textContent = ''
  }

  /** A description that may not be read without a key says the same. */
  async #showIfWanted(): Promise<void> {
    try {
      const response = await fetch('openapi.json')
      const { security }: { security?: object[] } = await response.json()
      // An empty requirement among them means that none need be met (OpenAPI 3.1, Security Requirement Object).
      const optional = security?.some((requirement) => Object.keys(requirement).length === 0)
      if (response.status === 401 || optional === false) this.#fieldset.hidden = false
    } catch {
      // Without an answer nothing is known; the service asks when it has to.
    }
  }

  #store(): void {
    if (this.#keep.checked && this.key !== '') sessionStorage.setItem(STORAGE_NAME, this.key)
    else sessionStorage.removeItem(STORAGE_NAME)
  }
}
