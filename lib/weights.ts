import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { PACKAGE_ROOT } from './package-root.js'

const FileSchema = Type.Object({
  name: Type.String(),
  size: Type.Integer({ minimum: 1 }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
})

const NetworkWeightsSchema = Type.Object({
  about: Type.String(),
  license: Type.String(),
  origin: Type.String(),
  manifest: FileSchema,
  weights: FileSchema,
})

const ManifestSchema = Type.Object({
  model: Type.String(),
  package: Type.String(),
  version: Type.String(),
  folder: Type.String(),
  networks: Type.Object({
    detector: NetworkWeightsSchema,
    landmarks: NetworkWeightsSchema,
    descriptor: NetworkWeightsSchema,
  }),
})

/** face-api's list of the tensors in a weight file, in file order. */
const TensorListSchema = Type.Array(
  Type.Object({
    weights: Type.Array(
      Type.Object({
        name: Type.String(),
        shape: Type.Array(Type.Integer({ minimum: 1 })),
        dtype: Type.Union([Type.Literal('float32'), Type.Literal('int32')]),
        quantization: Type.Optional(
          Type.Object({ dtype: Type.Literal('uint8'), scale: Type.Number(), min: Type.Number() }),
        ),
      }),
    ),
  }),
)

export type WeightsManifest = Static<typeof ManifestSchema>
export type NetworkName = keyof WeightsManifest['networks']
export const NETWORK_NAMES: readonly NetworkName[] = ['detector', 'landmarks', 'descriptor']

/** One tensor of a network. Kernels are height x width x input x output, depthwise ones height x width x channels x 1. */
export interface WeightTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** The tensors of one network by the names face-api gives them. */
export class NetworkWeights {
  constructor(
    private readonly file: string,
    private readonly tensors: ReadonlyMap<string, WeightTensor>,
  ) {}

  /** @throws Error when the file holds no tensor of that name. */
  get(name: string): WeightTensor {
    const tensor = this.tensors.get(name)
    if (tensor === undefined) throw new Error(`${this.file} holds no tensor named ${name}`)
    return tensor
  }
}

/** The weights as the manifest lists them: which files, their size, SHA-256, licence and origin. */
export async function readWeightsManifest(): Promise<WeightsManifest> {
  const file = path.join(PACKAGE_ROOT, 'weights', 'manifest.json')
  return Value.Parse(ManifestSchema, JSON.parse(await readFile(file, 'utf8')))
}

/** The folder of the weight files inside the installed face-api package. */
export function weightsFolder(manifest: WeightsManifest): string {
  const require = createRequire(import.meta.url)
  return path.join(path.dirname(require.resolve(`${manifest.package}/package.json`)), manifest.folder)
}

async function readVerified(folder: string, file: Static<typeof FileSchema>): Promise<Buffer> {
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

/**
 * Reads, verifies and dequantises the weights of one network.
 * A quantised tensor is one byte a value: value = byte x scale + min (TensorFlow.js weight format).
 * @param folder where the files lie; default: the installed face-api package
 * @throws Error naming the file that is absent, damaged or tampered with
 */
export async function loadNetworkWeights(network: NetworkName, folder?: string): Promise<NetworkWeights> {
  const files = await readNetworkFiles(network, folder)
  const groups = Value.Parse(TensorListSchema, JSON.parse(files.manifest.toString('utf8')))
  const tensors = new Map<string, WeightTensor>()
  const bytes = files.weights
  let offset = 0
  for (const { name, shape, dtype, quantization } of groups.flatMap((group) => group.weights)) {
    const length = shape.reduce((product, side) => product * side, 1)
    const data = new Float32Array(length)
    if (quantization !== undefined) {
      for (let i = 0; i < length; i++) data[i] = bytes[offset + i] * quantization.scale + quantization.min
      offset += length
    } else {
      const isInteger = dtype === 'int32'
      for (let i = 0; i < length; i++) {
        data[i] = isInteger ? bytes.readInt32LE(offset + 4 * i) : bytes.readFloatLE(offset + 4 * i)
      }
      offset += 4 * length
    }
    tensors.set(name, { shape, data })
  }
  if (offset !== bytes.length)
    throw new Error(`the tensor list of ${network} covers ${offset} of ${bytes.length} bytes`)
  return new NetworkWeights(`the weight file of the ${network} network`, tensors)
}
