import { DESCRIPTOR_LENGTH } from './networks/descriptor.js'

const BYTES = DESCRIPTOR_LENGTH * Float32Array.BYTES_PER_ELEMENT
/** Of a packed descriptor: four for every three bytes begun. */
export const DESCRIPTOR_CHARACTERS = 4 * Math.ceil(BYTES / 3)

/** A descriptor as it crosses process borders: its numbers as they lie in memory, in base64. As decimals they are four times as long. */
export function packDescriptor({ buffer, byteOffset }: Float32Array<ArrayBufferLike>): string {
  return Buffer.from(buffer, byteOffset, BYTES).toString('base64')
}

export function unpackDescriptor(packed: string): Float32Array {
  const descriptor = new Float32Array(DESCRIPTOR_LENGTH)
  Buffer.from(descriptor.buffer).write(packed, 'base64')
  return descriptor
}
