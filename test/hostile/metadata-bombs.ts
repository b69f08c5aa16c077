import { deflateSync } from 'node:zlib'
import type { BadFile } from './damage.js'
import {
  gifOfFrames,
  jpegSegments,
  PNG_SIGNATURE,
  pngChunk,
  pngHeader,
  type TiffEntry,
  tiffOf,
  webpChunk,
} from './file-parts.js'

const EXIF_HEAD = Buffer.from('Exif\0\0', 'latin1')
/** TIFF's types, from bytes to doubles, and one that does not exist. */
const TIFF_TYPES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 99]
/** A few of EXIF's tags: orientation, resolution, place of the thumbnail, exposure, maker's note, comment, version. */
const EXIF_TAGS = [0x0112, 0x011a, 0x0201, 0x0202, 0x829a, 0x927c, 0x9286, 0x9000]

/** Pictures whose pixels are in order, with metadata that is huge, endless or lies. */
export function metadataBombs(portrait: Buffer): BadFile[] {
  const exif = (...entries: TiffEntry[]) => tiffOf(entries)
  const every = (count: number, value: number) =>
    EXIF_TAGS.flatMap((tag) => TIFF_TYPES.map((type): TiffEntry => [tag, type, count, value]))
  const tags = {
    'tags of 4,294,967,295 values': exif(...every(0xffffffff, 8)),
    'tags whose values lie beyond its end': exif(...every(1000, 0x7fffffff)),
    'a thumbnail of 4 GB': exif([0x0201, 4, 1, 8], [0x0202, 4, 1, 0xffffffff]),
    'orientations 0 to 65,535': exif(...Array.from({ length: 5000 }, (_, i): TiffEntry => [0x0112, 3, 1, 13 * i])),
    'a directory that says it has 65,535 tags': Buffer.concat([exif().subarray(0, 8), Buffer.alloc(6, 0xff)]),
    'directories that lead to each other in circles': exifMaze(),
    'no directory at all': Buffer.from('MM\0*\xff\xff\xff\xff', 'latin1'),
  }
  const files: Record<string, Buffer> = {}
  for (const [what, content] of Object.entries(tags)) {
    files[`JPEG with EXIF of ${what}`] = jpegSegments(portrait, 0xe1, Buffer.concat([EXIF_HEAD, content]))
    files[`PNG with EXIF of ${what}`] = smallPng(pngChunk('eXIf', content))
    files[`WebP with EXIF of ${what}`] = extendedWebp(webpChunk('EXIF', content))
  }
  Object.assign(files, {
    'JPEG with 5 MB of EXIF': jpegSegments(portrait, 0xe1, Buffer.concat([EXIF_HEAD, exifMaze()]), 80),
    'JPEG with a colour profile of 250 parts': jpegSegments(
      portrait,
      0xe2,
      Buffer.from('ICC_PROFILE\0\x01\xff', 'latin1'),
      250,
    ),
    'JPEG with a colour profile that says it has 4 GB': jpegSegments(portrait, 0xe2, liesOfProfile()),
    'JPEG with 10 MB of XMP': jpegSegments(portrait, 0xe1, xmp(65_000), 160),
    'JPEG with 10 MB of comments': jpegSegments(portrait, 0xfe, Buffer.alloc(65_000, 'x'), 160),
    'JPEG with 10 MB of tables': jpegSegments(portrait, 0xdb, Buffer.alloc(65_000, 1), 160),
    'JPEG with 200,000 empty segments': jpegSegments(portrait, 0xed, Buffer.alloc(0), 200_000),
    'PNG with a text of 200 MB': smallPng(compressedText('zTXt', 'Comment\0\0', 200)),
    'PNG with an international text of 200 MB': smallPng(compressedText('iTXt', 'XML:com.adobe.xmp\0\x01\0\0\0', 200)),
    'PNG with 50,000 texts': smallPng(...Array(50_000).fill(pngChunk('tEXt', Buffer.from('Comment\0x')))),
    'PNG with 50,000 unknown chunks': smallPng(...Array(50_000).fill(pngChunk('xxXx', Buffer.alloc(1)))),
    'PNG with a colour profile of 200 MB': smallPng(compressedText('iCCP', 'profile\0\0', 200)),
    'PNG with a chunk that says it has 2 GB': Buffer.concat([
      smallPng().subarray(0, 33),
      Buffer.from('\x7f\xff\xff\xfftEXt', 'latin1'),
    ]),
    'WebP with 10 MB of XMP': extendedWebp(webpChunk('XMP ', xmp(10 * 2 ** 20))),
    'WebP with 10,000 unknown chunks': extendedWebp(...Array(10_000).fill(webpChunk('ABCD', Buffer.alloc(2)))),
    'GIF with 100,000 comments': commentedGif(100_000),
  })
  return Object.entries(files).map(([name, content]) => ({ name, content, mayBeSound: name.startsWith('JPEG') }))
}

/** EXIF whose directories lead to each other in circles. */
function exifMaze(): Buffer {
  const entries = Array.from({ length: 5000 }, () => [0x8769, 4, 1, 8] as const)
  return tiffOf(entries, 8).subarray(0, 65_000)
}

/** A colour profile by its first bytes only. */
function liesOfProfile(): Buffer {
  const profile = Buffer.alloc(128, 0xff)
  profile.write('acsp', 36)
  return Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), profile])
}

function xmp(bytes: number): Buffer {
  return Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), Buffer.from('<x>'.repeat(bytes / 3 - 20))])
}

/** A chunk that is small, and large when it is opened. */
function compressedText(type: string, start: string, megabytes: number): Buffer {
  const content = deflateSync(Buffer.alloc(megabytes * 2 ** 20, 'x'))
  return pngChunk(type, Buffer.concat([Buffer.from(start, 'latin1'), content]))
}

/** 64 x 64 black pixels. */
function smallPng(...chunks: Buffer[]): Buffer {
  const pixels = pngChunk('IDAT', deflateSync(Buffer.alloc(64 * 193)))
  return Buffer.concat([PNG_SIGNATURE, pngHeader(64, 64, 8, 2), ...chunks, pixels, pngChunk('IEND', Buffer.alloc(0))])
}

/** A WebP of 64 x 64 pixels that says it has metadata and begins with it; its pixels are missing. */
function extendedWebp(...chunks: Buffer[]): Buffer {
  const size = Buffer.from([0x2c, 0, 0, 0, 63, 0, 0, 63, 0, 0])
  const content = Buffer.concat([Buffer.from('WEBP'), webpChunk('VP8X', size), ...chunks])
  return webpChunk('RIFF', content)
}

function commentedGif(comments: number): Buffer {
  const gif = gifOfFrames(1, 16, 16)
  const comment = Buffer.from([0x21, 0xfe, 1, 0x78, 0])
  const end = gif.length - 1
  return Buffer.concat([gif.subarray(0, end), ...Array(comments).fill(comment), gif.subarray(end)])
}
