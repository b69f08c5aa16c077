import { installedVersion } from '../installed-version.js'
import type { FaceNetworks } from './face-networks.js'
import { loadGraphNetworks } from './graph-networks.js'
import { compileOnnx } from './onnx-session.js'

/**
 * The networks on onnxruntime-node (native CPU code), one thread.
 * @throws Error when onnxruntime-node is not installed, its native library does not load, or a weight file is not right
 */
export async function loadOnnxNetworks(): Promise<FaceNetworks> {
  const ort = await import('onnxruntime-node')
  const version = installedVersion('onnxruntime-node')
  return loadGraphNetworks('onnx', `onnxruntime-node ${version}`, (source) => compileOnnx(ort, ['cpu'], source))
}
