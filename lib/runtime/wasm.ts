import { installedVersion } from '../installed-version.js'
import type { FaceNetworks } from './face-networks.js'
import { loadOnnxGraphs } from './onnx-networks.js'
import type { PrecisionChoice } from './precision.js'

/**
 * The networks on onnxruntime-web (WebAssembly): for platforms without a native backend.
 * @throws Error when onnxruntime-web, an optional peer dependency, is not installed, or a weight file is not right
 */
export async function loadWasmNetworks(threads = 1, precision: PrecisionChoice = 'auto'): Promise<FaceNetworks> {
  const ort = await import('onnxruntime-web')
  ort.env.wasm.numThreads = threads
  const library = `onnxruntime-web ${installedVersion('onnxruntime-web')}`
  return loadOnnxGraphs({ runtime: 'wasm', library, ort, executionProviders: ['wasm'], threads }, precision)
}
