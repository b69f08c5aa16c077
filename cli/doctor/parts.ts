import type { Config } from '../../lib/config.js'
import { readCalibration, thresholdFor } from '../../lib/verdict.js'
import { NETWORK_NAMES, readVerified, readWeightsManifest, weightsFolder } from '../../lib/weights.js'
import { type Finding, find } from './finding.js'

/** Every weight file by its size and SHA-256, and the calibration table. */
export async function examineWeights({
  preset,
  falseMatchRate,
}: Pick<Config, 'preset' | 'falseMatchRate'>): Promise<Finding[]> {
  const part = 'weights'
  const findings: Finding[] = []
  const manifest = await readWeightsManifest()
  for (const network of NETWORK_NAMES) {
    const { manifest: tensors, weights } = manifest.networks[network]
    for (const file of [tensors, weights]) {
      const look = async () => {
        const { length } = await readVerified(weightsFolder(manifest), file)
        return `${length.toLocaleString('en')} bytes, SHA-256 as it should be`
      }
      findings.push(await find(part, file.name, look))
    }
  }
  const lookAtCalibration = async () => {
    const calibration = await readCalibration(preset)
    const threshold = Number(thresholdFor(calibration, falseMatchRate).toFixed(4))
    return `threshold ${threshold} for a false match rate of ${falseMatchRate}, measured on ${calibration.dataset}`
  }
  return [...findings, await find(part, 'calibration', lookAtCalibration)]
}

/** The image decoder. Loaded here and not at the top: it is native, and may be what is wrong. */
export function examineDecoder(): Promise<Finding> {
  return find('images', 'sharp', async () => {
    const { default: sharp } = await import('sharp')
    const { data } = await sharp({ create: { width: 2, height: 1, channels: 3, background: '#ff8000' } })
      .raw()
      .toBuffer({ resolveWithObject: true })
    if (data.toString('hex') !== 'ff8000ff8000') throw new Error(`gives wrong pixels: ${data.toString('hex')}`)
    return `${sharp.versions.sharp} with libvips ${sharp.versions.vips}`
  })
}
