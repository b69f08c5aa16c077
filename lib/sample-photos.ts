import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import sharp from 'sharp'

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
 * Writes photos to try the service with, cut from the demo photos of the installed face-api package; none is part of
 * this package.
 * @param folder where to; made if it is absent, files of the same names in it are replaced
 * @throws Error when the package holds no demo photos or the folder cannot be written to
 */
export async function writeSamplePhotos(folder: string): Promise<SamplePhotos> {
  const group = createRequire(import.meta.url).resolve(GROUP_PHOTO)
  await mkdir(folder, { recursive: true })
  const photos = {
    reference: path.join(folder, 'reference.jpg'),
    samePerson: path.join(folder, 'same-person.jpg'),
    otherPerson: path.join(folder, 'other-person.jpg'),
  }
  const person = await cutOut(group, PERSON)
  await sharp(person).jpeg().toFile(photos.reference)
  await sharp(await retake(person)).toFile(photos.samePerson)
  await sharp(await cutOut(group, OTHER_PERSON))
    .jpeg()
    .toFile(photos.otherPerson)
  return photos
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
