import { installedVersion } from '../installed-version.js'
import type { FaceNetworks } from './face-networks.js'
import { loadGraphNetworks } from './graph-networks.js'
import { compileOnnx } from './onnx-session.js'

/**
 * The networks on onnxruntime-web (WebAssembly): for platforms without a native backend.
 * @throws Error when onnxruntime-web, an optional peer dependency, is not installed, or a weight file is not right
 */
export async function loadWasmNetworks(threads = 1): Promise<FaceNetworks> {
  const ort = await import('onnxruntime-web')
  ort.env.wasm.numThreads = threads
  const version = installedVersion('onnxruntime-web')
  return loadGraphNetworks('wasm', `onnxruntime-web ${version}`, (source) =>
    compileOnnx(ort, ['wasm'], source, threads),
  )
}
