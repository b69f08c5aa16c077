import { faceDistance } from '../lib/face/crowding.js'
import { describeFaces } from '../lib/face/descriptors.js'
import { groupDoubles, surestOf } from '../lib/face/doubles.js'
import { cutFacePatch } from '../lib/face/face-patch.js'
import { findFaces } from '../lib/face/find-faces.js'
import { locateLandmarks } from '../lib/face/landmarks.js'
import { scaleDetection } from '../lib/face/non-maximum-suppression.js'
import { DEFAULT_PRESET } from '../lib/face/presets.js'
import { plainView } from '../lib/face/view.js'
import { openPhoto } from '../lib/image/open-photo.js'
import type { FaceNetworks } from '../lib/runtime/face-networks.js'
import { loadNetworks } from '../lib/runtime/load-networks.js'
import { DEFAULT_FALSE_MATCH_RATE, readCalibration, thresholdFor } from '../lib/verdict.js'
import { demoPhotoPath } from '../test/real-faces.js'
import { runCommand } from './command.js'

const USAGE = `Usage: npm run bench:groups [-- PHOTO...]

How often the service takes two people for one who stand together in a group photo: they are different people for sure, and
often alike in age, sex and light, which makes it harder than the random pairs the threshold is calibrated on. Without
PHOTO: the six demo photos of the installed @vladmandic/face-api.
`
const DEMO_PHOTOS = [1, 2, 3, 4, 5, 6].map(demoPhotoPath)
/** Landmarks that disagree with themselves by more than this, in eye distances, are not those of a face seen well. */
const LARGEST_SHIFT = 0.1
/** Side of the picture in which faces are looked for, in pixels. */
const PREVIEW_SIDE = 1024

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--help')) {
    process.stdout.write(USAGE)
    return
  }
  const threshold = thresholdFor(await readCalibration(), DEFAULT_FALSE_MATCH_RATE)
  const { networks } = await loadNetworks('auto')
  const distances: number[] = []
  let people = 0
  for (const photo of args.length > 0 ? args : DEMO_PHOTOS) {
    const descriptors = await describeEveryone(networks, photo)
    people += descriptors.length
    distances.push(...everyPair(descriptors))
  }
  await networks.close()
  const matches = distances.filter((distance) => distance <= threshold).length
  process.stdout.write(`${people} faces, ${distances.length} pairs of different people of the same photo
nearest    ${Math.min(...distances).toFixed(4)}
median     ${distances.sort((p, q) => p - q)[distances.length >> 1]?.toFixed(4)}
threshold  ${threshold}
taken for the same person: ${matches} of ${distances.length}
`)
}

/** The descriptors of all faces of a photo that are seen well. */
async function describeEveryone(networks: FaceNetworks, path: string): Promise<Float32Array[]> {
  const photo = await openPhoto(path)
  const { image, scale } = await photo.preview(PREVIEW_SIDE)
  const [found] = await findFaces(networks, [plainView(image)], true)
  const faces = await Promise.all(
    found.map(async (detection) => {
      const face = scaleDetection(detection, 1 / scale)
      return { ...face, patch: await cutFacePatch(photo, image, scale, face.box) }
    }),
  )
  const landmarks = await locateLandmarks(networks, faces)
  const located = groupDoubles(faces.map((face, i) => ({ ...face, ...landmarks[i] }))).map(surestOf)
  const described = await describeFaces(
    networks,
    located.filter(({ shift }) => shift <= LARGEST_SHIFT),
    DEFAULT_PRESET,
  )
  return described.map(({ descriptor }) => descriptor)
}

function everyPair(descriptors: readonly Float32Array[]): number[] {
  return descriptors.flatMap((first, i) => descriptors.slice(i + 1).map((second) => faceDistance(first, second)))
}

await runCommand(USAGE, main)
