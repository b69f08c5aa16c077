import sharp from 'sharp'
import { type FaceApiBackend, loadFaceApi } from '../lib/runtime/face-api.js'
import { readWeightsManifest, weightsFolder } from '../lib/weights.js'

/**
 * face-api as its README uses it, `detectSingleFace().withFaceLandmarks().withFaceDescriptor()` with its own options and
 * its own input size, from two photo files to the distance.
 * @throws Error when it does not load; what it returns throws when face-api finds no face in a photo
 */
export async function loadFaceApiPipeline(
  backend?: FaceApiBackend,
): Promise<(reference: string, live: string) => Promise<number>> {
  const { faceApi } = await loadFaceApi(backend)
  const folder = weightsFolder(await readWeightsManifest())
  const { ssdMobilenetv1, faceLandmark68Net, faceRecognitionNet } = faceApi.nets
  for (const network of [ssdMobilenetv1, faceLandmark68Net, faceRecognitionNet]) await network.loadFromDisk(folder)

  async function describe(photo: string): Promise<Float32Array> {
    const { data, info } = await sharp(photo).raw().toBuffer({ resolveWithObject: true })
    const image = faceApi.tf.tensor3d(data, [info.height, info.width, info.channels], 'int32')
    const face = await faceApi.detectSingleFace(image).withFaceLandmarks().withFaceDescriptor()
    image.dispose()
    if (face === undefined) throw new Error(`face-api finds no face in ${photo}`)
    return face.descriptor
  }

  return async (reference, live) => faceApi.euclideanDistance(await describe(reference), await describe(live))
}
