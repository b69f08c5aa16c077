import { writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { writeSamplePhotos } from '../../lib/sample-photos.js'
import { demoPhotoPath, facePhoto, REAL_FACES } from '../real-faces.js'

/** Photos as people bring them, in a folder. */
export async function writePhotos(folder: string) {
  const file = (name: string) => path.join(folder, name)
  const samples = await writeSamplePhotos(folder)
  const portrait = await sharp(samples.reference).toBuffer()

  // As a phone writes it that is held upright: lying pixels, and a note to turn them.
  const turned = await sharp(portrait).extract({ left: 100, top: 0, width: 440, height: 640 }).rotate(-90).toBuffer()
  await sharp(turned).withMetadata({ orientation: 6 }).jpeg().toFile(file('turned.jpg'))
  await sharp(portrait).tiff().toFile(file('scan.tiff'))
  await sharp(portrait).resize(4000, 3000).jpeg().toFile(file('twelve-megapixels.jpg'))
  await sharp({ create: { width: 400, height: 300, channels: 3, background: '#789' } })
    .png()
    .toFile(file('wall.png'))
  writeFileSync(file('letter.jpg'), 'Dear sirs')
  writeFileSync(file('nothing.jpg'), '')
  return {
    ...samples,
    turned: file('turned.jpg'),
    scan: file('scan.tiff'),
    twelveMegapixels: file('twelve-megapixels.jpg'),
    group: demoPhotoPath(6),
    wall: file('wall.png'),
    letter: file('letter.jpg'),
    nothing: file('nothing.jpg'),
  }
}

/** A film for Chromium's fake camera (Motion JPEG: pictures one after the other) in which somebody looks into it. */
export async function writeFilm(file: string): Promise<void> {
  const person = await facePhoto(REAL_FACES[5], 2.2)
  const picture = await person.resize(640, 480, { fit: 'contain', background: '#aaa' }).jpeg({ quality: 95 }).toBuffer()
  writeFileSync(file, Buffer.concat([picture, picture]))
}
