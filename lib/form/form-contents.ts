import type { Readable } from 'node:stream'
import { FaceError, PHOTO_FIELDS, type PhotoField } from '../errors.js'
import { Problem } from '../problem.js'
import type { Form, FormOptions } from './form-options.js'
import { savePhoto } from './save-photo.js'

/** What has arrived of a form so far, in whatever way it was written. */
export class FormContents {
  readonly #options: FormOptions
  readonly #fail: (error: unknown) => void
  readonly #texts = new Map<string, unknown>()
  /** By field the paths in the order of arrival; one that is not known yet, or was left out, is undefined. */
  readonly #photos = new Map<PhotoField, (string | undefined)[]>()
  readonly #writes: Promise<void>[] = []

  /** @param fail told when a photo cannot be saved */
  constructor(options: FormOptions, fail: (error: unknown) => void) {
    this.#options = options
    this.#fail = fail
  }

  /** The photo field of this name, if it is one. */
  photoField(name: string): PhotoField | undefined {
    return PHOTO_FIELDS.find((field) => field === name)
  }

  /** Whether a photo field may hold several. */
  isList(field: PhotoField): boolean {
    return this.#options.photos[field] > 1
  }

  /** @throws Problem when the field was sent already */
  setText(name: string, value: unknown): void {
    if (!this.#options.texts.includes(name)) return
    if (this.#texts.has(name)) throw duplicate(name)
    this.#texts.set(name, value)
  }

  /**
   * Streams a photo to a file of its own; `saved` waits for that.
   * @param isNothingIfEmpty whether a photo of 0 bytes counts as none
   * @throws Problem when the field holds as many as it may already
   */
  addPhoto(field: PhotoField, bytes: Readable, isNothingIfEmpty = false): void {
    const paths = this.#photos.get(field) ?? []
    const most = this.#options.photos[field]
    if (paths.length >= most) throw this.isList(field) ? tooManyPhotos(field, most) : duplicate(field)
    const place = paths.push(undefined) - 1
    this.#photos.set(field, paths)
    const save = async () => {
      try {
        const file = this.#options.files.file(place === 0 ? field : `${field}-${place + 1}`)
        await savePhoto(bytes, file)
        paths[place] = file.path
      } catch (error) {
        if (!(error instanceof FaceError)) throw error
        if (error.code === 'empty_file' && isNothingIfEmpty) return
        const which = place === 0 ? '' : `${field} number ${place + 1}: `
        throw new FaceError(error.code, which + error.message, field)
      }
    }
    this.#writes.push(save())
    this.#writes.at(-1)?.catch(this.#fail)
  }

  /** All of it, once every photo is saved. @throws FaceError when a photo is empty or no image */
  async saved(): Promise<Form> {
    await Promise.all(this.#writes)
    const photos = [...this.#photos].map(([field, paths]): [string, string | string[] | undefined] => {
      const saved = paths.filter((photo) => photo !== undefined)
      return [field, this.isList(field) && saved.length > 0 ? saved : saved[0]]
    })
    return Object.fromEntries([...this.#texts, ...photos].filter(([, value]) => value !== undefined))
  }

  /** Resolves when nothing is written any more, whether it went well or not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes)
  }
}

export function duplicate(field: string): Problem {
  return new Problem('duplicate_field', `${field} was sent more than once.`, { field })
}

function tooManyPhotos(field: PhotoField, most: number): Problem {
  return new Problem('too_many_live_images', `${field} was sent more than ${most} times.`, { field })
}
