import type { FaceNetworks, RuntimeName } from './face-networks.js'

/** How each runtime is loaded; a module is only imported when it is its turn. */
const LOADERS: Record<RuntimeName, () => Promise<FaceNetworks>> = {
  tensorflow: async () => (await import('./tensorflow.js')).loadTensorFlowNetworks(),
  onnx: async () => (await import('./onnx.js')).loadOnnxNetworks(),
  'face-api': async () => (await import('./face-api.js')).loadFaceApiNetworks(),
  wasm: async () => (await import('./wasm.js')).loadWasmNetworks(),
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
export async function loadNetworks(choice: RuntimeChoice): Promise<LoadedNetworks> {
  const failed: FailedRuntime[] = []
  for (const runtime of choice === 'auto' ? AUTO_ORDER : [choice]) {
    try {
      return { networks: await LOADERS[runtime](), failed }
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
