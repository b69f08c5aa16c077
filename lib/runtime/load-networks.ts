import type { FaceNetworks, RuntimeName } from './face-networks.js'
import type { PrecisionChoice } from './precision.js'

export interface NetworkOptions {
  /**
   * Threads of one process. Default: 1, as the service scales with processes, and threads of several would fight for the
   * same cores. A TensorFlow that has been loaded before keeps the number it was loaded with; WebAssembly takes 1 in Node.
   */
  readonly threads?: number
  /** Default: `auto`, int8 where it is right and faster. */
  readonly precision?: PrecisionChoice
}

/** How each runtime is loaded; a module is only imported when it is its turn. */
const LOADERS: Record<RuntimeName, (options: Required<NetworkOptions>) => Promise<FaceNetworks>> = {
  tensorflow: async ({ threads, precision }) =>
    (await import('./tensorflow.js')).loadTensorFlowNetworks(threads, precision),
  onnx: async ({ threads, precision }) => (await import('./onnx.js')).loadOnnxNetworks(threads, precision),
  'face-api': async ({ precision }) => {
    if (precision === 'int8') throw new Error('has no int8; the others have')
    return (await import('./face-api.js')).loadFaceApiNetworks()
  },
  wasm: async ({ threads, precision }) => (await import('./wasm.js')).loadWasmNetworks(threads, precision),
}

/** What `auto` tries, the first that loads wins. `face-api` is the reference and has to be asked for. */
export const AUTO_ORDER: readonly RuntimeName[] = ['tensorflow', 'onnx', 'wasm']

/** Which runtime to use: one of them, or the first that loads. */
export type RuntimeChoice = RuntimeName | 'auto'

/** A runtime that did not load, and why. */
export interface FailedRuntime {
  readonly runtime: RuntimeName
  readonly reason: string
}

export interface LoadedNetworks {
  readonly networks: FaceNetworks
  /** What `auto` tried before. */
  readonly failed: readonly FailedRuntime[]
}

/**
 * Loads the networks on the runtime asked for.
 * @throws Error when it does not load, or with `auto` none does; the message says why for each
 */
export async function loadNetworks(
  choice: RuntimeChoice,
  { threads = 1, precision = 'auto' }: NetworkOptions = {},
): Promise<LoadedNetworks> {
  const failed: FailedRuntime[] = []
  for (const runtime of choice === 'auto' ? AUTO_ORDER : [choice]) {
    try {
      return { networks: await LOADERS[runtime]({ threads, precision }), failed }
    } catch (error) {
      failed.push({ runtime, reason: firstLine(error) })
    }
  }
  const reasons = failed.map(({ runtime, reason }) => `${runtime}: ${reason}`).join('; ')
  throw new Error(choice === 'auto' ? `no runtime loads (${reasons})` : `the runtime ${reasons}`)
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]
}
