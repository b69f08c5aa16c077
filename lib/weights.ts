import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PACKAGE_ROOT } from './package-root.js'

/** A file of an installed package that must be the one this version was made for. */
interface ListedFile {
  readonly name: string
  readonly size: number
  /** In hexadecimal digits. */
  readonly sha256: string
}

interface ListedNetwork {
  readonly about: string
  readonly license: string
  readonly origin: string
  /** face-api's list of the tensors in the weight file, in file order. */
  readonly manifest: ListedFile
  readonly weights: ListedFile
}

export interface WeightsManifest {
  readonly model: string
  /** The npm package that brings the files, and the folder in it where they lie. */
  readonly package: string
  readonly version: string
  readonly folder: string
  readonly networks: Readonly<Record<NetworkName, ListedNetwork>>
}

export type NetworkName = 'detector' | 'tinyDetector' | 'landmarks' | 'descriptor'
export const NETWORK_NAMES: readonly NetworkName[] = ['detector', 'tinyDetector', 'landmarks', 'descriptor']

/** A tensor as face-api lists it. */
export interface TensorEntry {
  readonly name: string
  readonly shape: number[]
  readonly dtype: 'float32' | 'int32'
  readonly quantization?: { readonly dtype: 'uint8'; readonly scale: number; readonly min: number }
}

/** One tensor of a network. Kernels are height x width x input x output, depthwise ones height x width x channels x 1. */
export interface WeightTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** The tensors of one network by the names face-api gives them; each is dequantised when it is asked for. */
export class NetworkWeights {
  private readonly entries = new Map<string, { entry: TensorEntry; offset: number }>()

  constructor(
    readonly network: NetworkName,
    entries: readonly TensorEntry[],
    private readonly bytes: Buffer,
  ) {
    let offset = 0
    for (const entry of entries) {
      this.entries.set(entry.name, { entry, offset })
      offset += lengthOf(entry) * (entry.quantization === undefined ? 4 : 1)
    }
    if (offset !== bytes.length) {
      throw new Error(`the tensor list of the ${network} network covers ${offset} of ${bytes.length} bytes`)
    }
  }

  /**
   * A quantised tensor is one byte a value: value = byte x scale + min (TensorFlow.js weight format).
   * @throws Error when the network has no tensor of that name
   */
  get(name: string): WeightTensor {
    const found = this.entries.get(name)
    if (found === undefined) throw new Error(`the ${this.network} network has no tensor named ${name}`)
    const { entry, offset } = found
    const { shape, dtype, quantization } = entry
    const data = new Float32Array(lengthOf(entry))
    if (quantization !== undefined) {
      for (let i = 0; i < data.length; i++) data[i] = this.bytes[offset + i] * quantization.scale + quantization.min
    } else {
      const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + offset)
      for (let i = 0; i < data.length; i++) {
        data[i] = dtype === 'int32' ? view.getInt32(4 * i, true) : view.getFloat32(4 * i, true)
      }
    }
    return { shape, data }
  }
}

function lengthOf({ shape }: TensorEntry): number {
  return shape.reduce((product, side) => product * side, 1)
}

/** The weights as the manifest, a file of this package, lists them: which files, their size, SHA-256, licence and origin. */
export async function readWeightsManifest(): Promise<WeightsManifest> {
  return JSON.parse(await readFile(path.join(PACKAGE_ROOT, 'weights', 'manifest.json'), 'utf8'))
}

/** The folder of the weight files inside the installed face-api package. */
export function weightsFolder(manifest: WeightsManifest): string {
  const require = createRequire(import.meta.url)
  return path.join(path.dirname(require.resolve(`${manifest.package}/package.json`)), manifest.folder)
}

/**
 * Reads a file that the manifest lists, from the folder `weightsFolder` gives.
 * @throws Error naming the file when it is absent, of another size, or has another SHA-256
 */
export async function readVerified(folder: string, file: ListedFile): Promise<Buffer> {
  const content = await readFile(path.join(folder, file.name))
  if (content.length !== file.size) {
    throw new Error(
      `weight file ${file.name} has ${content.length} bytes instead of ${file.size}: reinstall the package`,
    )
  }
  const sha256 = createHash('sha256').update(content).digest('hex')
  if (sha256 !== file.sha256) {
    throw new Error(
      `weight file ${file.name} is not the one this version was made for: SHA-256 is ${sha256}, expected ${file.sha256}`,
    )
  }
  return content
}

/** A weight file and its tensor list, as bytes whose size and SHA-256 were checked. */
export interface VerifiedWeights {
  readonly manifest: Buffer
  readonly weights: Buffer
}

/**
 * Reads the files of one network and checks each against the manifest.
 * @param folder where the files lie; default: the installed face-api package
 * @throws Error naming the file that is absent, of another size, or has another SHA-256
 */
export async function readNetworkFiles(network: NetworkName, folder?: string): Promise<VerifiedWeights> {
  const manifest = await readWeightsManifest()
  const from = folder ?? weightsFolder(manifest)
  const entry = manifest.networks[network]
  return { manifest: await readVerified(from, entry.manifest), weights: await readVerified(from, entry.weights) }
}

/** What the weight file holds, in file order. The list has the form it should have, as it was verified too. */
export function tensorEntries({ manifest }: VerifiedWeights): TensorEntry[] {
  const groups: { weights: TensorEntry[] }[] = JSON.parse(manifest.toString('utf8'))
  return groups.flatMap(({ weights }) => weights)
}

/**
 * Reads and verifies the weights of one network.
 * @param folder where the files lie; default: the installed face-api package
 * @throws Error naming the file that is absent, damaged or tampered with
 */
export async function loadNetworkWeights(network: NetworkName, folder?: string): Promise<NetworkWeights> {
  const files = await readNetworkFiles(network, folder)
  return new NetworkWeights(network, tensorEntries(files), files.weights)
}
