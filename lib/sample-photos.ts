import { readFile, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import sharp from 'sharp'
import { makeFolder } from './make-folder.js'
import type { SampleName } from './sample-names.js'

/** A square cut out of one of the group photos that come with face-api, in pixels of that photo. */
interface Cut {
  readonly left: number
  readonly top: number
  readonly side: number
}

/** Two people who stand side by side in this photo: whatever an engine says, they are not the same person. */
const GROUP_PHOTO = '@vladmandic/face-api/demo/sample6.jpg'
const PERSON: Cut = { left: 450, top: 160, side: 640 }
const OTHER_PERSON: Cut = { left: 1450, top: 190, side: 460 }
/** Of the whole group photo, in pixels. */
const GROUP_WIDTH = 1280

/** How the second photo of the person differs: as if taken again, in worse light with a worse camera held askew. */
const RETAKE = { turn: 7, left: 90, top: 40, side: 470, pixels: 300, brightness: 0.75, saturation: 0.7, quality: 55 }

/** Paths of three JPEG files. */
export interface SamplePhotos {
  readonly reference: string
  /** The person of `reference`: the same picture turned, shifted, smaller, darker and compressed more. */
  readonly samePerson: string
  readonly otherPerson: string
}

/**
 * A photo to try the service with, as JPEG: cut from the demo photos of the installed face-api package; none is part of
 * this package.
 * @throws Error when that package holds no demo photos
 */
export async function samplePhoto(name: SampleName): Promise<Buffer> {
  const group = createRequire(import.meta.url).resolve(GROUP_PHOTO)
  switch (name) {
    case 'reference':
      return asJpeg(await cutOut(group, PERSON))
    case 'same-person':
      // Saved twice, as photos are that went through a messenger.
      return asJpeg(await retake(await cutOut(group, PERSON)))
    case 'other-person':
      return asJpeg(await cutOut(group, OTHER_PERSON))
    case 'group':
      return sharp(group).resize({ width: GROUP_WIDTH }).jpeg().toBuffer()
  }
}

/**
 * Writes three of the photos.
 * @param folder where to; made if it is absent
 * @throws Error when there are no demo photos, the folder cannot be written to, or another file of such a name is there: then
 * nothing is written
 */
export async function writeSamplePhotos(folder: string): Promise<SamplePhotos> {
  await checkIsNoFile(folder)
  const reference = await prepare(folder, 'reference')
  const samePerson = await prepare(folder, 'same-person')
  const otherPerson = await prepare(folder, 'other-person')
  await makeFolder(folder)
  for (const { file, photo, isThere } of [reference, samePerson, otherPerson]) {
    if (!isThere) await writeFile(file, photo, { flag: 'wx' })
  }
  return { reference: reference.file, samePerson: samePerson.file, otherPerson: otherPerson.file }
}

async function checkIsNoFile(folder: string): Promise<void> {
  const isFile = await stat(folder).then(
    (stats) => !stats.isDirectory(),
    () => false,
  )
  if (isFile) throw new Error(`${folder} is a file; the photos need a folder`)
}

/** @throws Error when another file of that name is in the folder: it may be somebody's own photo */
async function prepare(folder: string, name: SampleName) {
  const file = path.join(folder, `${name}.jpg`)
  const photo = await samplePhoto(name)
  const there = await contentOf(file)
  if (there !== undefined && !photo.equals(there)) {
    throw new Error(`${file} is there already, and is another file: nothing was written. Name another folder`)
  }
  return { file, photo, isThere: there !== undefined }
}

/** @returns undefined where nothing of that name is there */
function contentOf(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new Error(`cannot read ${file}: ${error.message}`)
  })
}

function asJpeg(photo: Buffer): Promise<Buffer> {
  return sharp(photo).jpeg().toBuffer()
}

/** As PNG, so that nothing is lost before the last step. */
function cutOut(photo: string | Buffer, { left, top, side }: Cut): Promise<Buffer> {
  return sharp(photo).extract({ left, top, width: side, height: side }).png().toBuffer()
}

async function retake(photo: Buffer): Promise<Buffer> {
  const { turn, pixels, brightness, saturation, quality } = RETAKE
  const turned = await sharp(photo).rotate(turn, { background: 'grey' }).png().toBuffer()
  const shifted = sharp(await cutOut(turned, RETAKE)).resize(pixels, pixels)
  return shifted.modulate({ brightness, saturation }).jpeg({ quality }).toBuffer()
}
