import type { PhotoField } from '../errors.js'
import { Problem } from '../problem.js'
import type { TempFiles } from '../temp/temp-files.js'

/** What a form may hold besides what it is read for, so that clients can send along what they like. */
export const MAX_FILES = 20
export const MAX_PARTS = 50
/** Longer values are cut: no field that is read has a longer one. */
export const MAX_VALUE_BYTES = 1024
/** For all of a form that is no photo. */
export const MAX_OVERHEAD_BYTES = 2 ** 20
/** Photos that have the most bytes a form has room for; more of them share it. */
const PHOTOS_OF_FULL_SIZE = 2

export interface FormOptions {
  /** Fields that are photos, and how many each may hold. Each photo is streamed to a file. */
  readonly photos: Readonly<Record<PhotoField, number>>
  /** Fields that are text or a number; all others are read past. */
  readonly texts: readonly string[]
  /** Most bytes of one file. */
  readonly maxFileBytes: number
  /** Where the photos go. */
  readonly files: Pick<TempFiles, 'file'>
}

/**
 * What a form held: for a photo field the path of the file, or a list of paths where it may hold several; for any other the
 * value as it was sent.
 */
export type Form = Record<string, unknown>

/** Most bytes the photos of a form may have together. */
export function maxPhotoBytes({ maxFileBytes }: Pick<FormOptions, 'maxFileBytes'>): number {
  return PHOTOS_OF_FULL_SIZE * maxFileBytes
}

/** @param of the part of the form that is meant; without it all */
export function formTooLarge(maxBytes: number, of = ''): Problem {
  return new Problem('form_too_large', `The form has more than the ${maxBytes} bytes that are accepted${of}.`)
}

export function tooManyFields(most: number): Problem {
  return new Problem('too_many_parts', `The form has more than ${most} parts.`)
}

export function fileTooLarge(maxBytes: number, field?: PhotoField): Problem {
  return new Problem('file_too_large', `The file has more than the ${maxBytes} bytes that are accepted.`, { field })
}
