import type { Random } from '../../bench/random.js'
import type { SoundPicture } from './sound-pictures.js'

/** A file to be sent as a photo. */
export interface BadFile {
  /** What was done to what. */
  readonly name: string
  readonly content: Buffer
  /**
   * Whether a picture may come out of it all the same: formats without checksums cannot tell a flipped bit from a
   * pixel, and a decoder may show the first of several frames.
   */
  readonly mayBeSound: boolean
}

type Damage = (picture: SoundPicture, random: Random, others: readonly SoundPicture[]) => BadFile

/** The end marks of some formats hold no pixel; what is cut before this share of the file does. */
const SURELY_INCOMPLETE = 0.9

const SIGNATURES: Record<string, Buffer> = {
  JPEG: Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  PNG: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  GIF: Buffer.from('GIF89a'),
  BMP: Buffer.from('BM'),
  WebP: Buffer.from('RIFF\xff\xff\x00\x00WEBPVP8 ', 'latin1'),
  AVIF: Buffer.from('\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avif', 'latin1'),
  TIFF: Buffer.from('II*\x00\x08\x00\x00\x00', 'latin1'),
  PDF: Buffer.from('%PDF-1.7\n'),
  ZIP: Buffer.from('PK\x03\x04'),
  ELF: Buffer.from('\x7fELF\x02\x01\x01', 'latin1'),
  HTML: Buffer.from('<!DOCTYPE html><script>'),
  SVG: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  HEIC: Buffer.from('\x00\x00\x00\x1cftypheic\x00\x00\x00\x00mif1', 'latin1'),
}

export const truncate: Damage = ({ kind, content, oneFrame }, random) => {
  const length = random.below(content.length)
  const incomplete = oneFrame && length < content.length * SURELY_INCOMPLETE
  return { name: `${kind} cut after ${length} bytes`, content: content.subarray(0, length), mayBeSound: !incomplete }
}

export const flipBits: Damage = ({ kind, content }, random) => {
  const damaged = Buffer.from(content)
  const count = 1 + random.below(16)
  for (let i = 0; i < count; i++) damaged[random.below(damaged.length)] ^= 1 << random.below(8)
  return { name: `${kind} with ${count} bits flipped`, content: damaged, mayBeSound: true }
}

/** Where sizes, counts and offsets stand. */
export const flipHeaderBits: Damage = ({ kind, content }, random) => {
  const damaged = Buffer.from(content)
  const count = 1 + random.below(4)
  for (let i = 0; i < count; i++) damaged[random.below(Math.min(200, damaged.length))] ^= 1 << random.below(8)
  return { name: `${kind} with ${count} bits of its header flipped`, content: damaged, mayBeSound: true }
}

export const splice: Damage = ({ kind, content }, random, others) => {
  const other = random.pick(others)
  const [at, from] = [random.below(content.length), random.below(other.content.length)]
  const joined = Buffer.concat([content.subarray(0, at), other.content.subarray(from)])
  return { name: `${kind} up to ${at}, then ${other.kind} from ${from}`, content: joined, mayBeSound: true }
}

export const overwrite: Damage = ({ kind, content }, random) => {
  const damaged = Buffer.from(content)
  const [at, length] = [random.below(damaged.length), 1 + random.below(512)]
  damaged.fill(
    random.pick([Buffer.from([0]), Buffer.from([255]), random.bytes(length)]),
    at,
    Math.min(at + length, damaged.length),
  )
  return { name: `${kind} with ${length} bytes at ${at} overwritten`, content: damaged, mayBeSound: true }
}

export const repeat: Damage = ({ kind, content }, random) => {
  const [at, length] = [random.below(content.length), 1 + random.below(2048)]
  const part = content.subarray(at, at + length)
  const joined = Buffer.concat([content.subarray(0, at), part, part, content.subarray(at)])
  return { name: `${kind} with ${length} bytes at ${at} three times`, content: joined, mayBeSound: true }
}

export const wrongMagic: Damage = ({ kind, content }, random) => {
  const other = random.pick(Object.keys(SIGNATURES))
  const signature = SIGNATURES[other]
  const disguised = Buffer.concat([signature, content.subarray(signature.length)])
  return { name: `${kind} that begins like ${other}`, content: disguised, mayBeSound: kind.includes(other) }
}

/** Two things at once: what follows the picture is another file, or what comes before it is. */
export const polyglot: Damage = ({ kind, content }, random) => {
  const other = random.pick(['PDF', 'ZIP', 'ELF', 'HTML', 'SVG', 'HEIC'])
  const foreign = Buffer.concat([SIGNATURES[other], random.bytes(200)])
  if (random.below(2) === 0) {
    return { name: `${kind} followed by ${other}`, content: Buffer.concat([content, foreign]), mayBeSound: true }
  }
  return { name: `${other} followed by ${kind}`, content: Buffer.concat([foreign, content]), mayBeSound: false }
}

/** The first bytes of a format, then noise. */
export const noise: Damage = (_picture, random) => {
  const format = random.pick(Object.keys(SIGNATURES))
  const content = Buffer.concat([SIGNATURES[format], random.bytes(random.below(3000))])
  return { name: `noise that begins like ${format}`, content, mayBeSound: false }
}

export const DAMAGES: readonly Damage[] = [
  truncate,
  flipBits,
  flipHeaderBits,
  splice,
  overwrite,
  repeat,
  wrongMagic,
  polyglot,
  noise,
]
