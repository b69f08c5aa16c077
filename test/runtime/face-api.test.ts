import t from 'tap'
import { loadFaceApiNetworks } from '../../lib/runtime/face-api.js'
import { loadOrSkip } from '../tfjs-node.js'
import { checkFaceApiRuntime } from './face-api-checks.js'

const tfjsNode = loadOrSkip()
const skip = typeof tfjsNode === 'string' && tfjsNode

t.test('without a choice, the native backend is taken where it loads and WebAssembly elsewhere', async (t) => {
  const networks = await loadFaceApiNetworks()
  t.match(networks.description, skip ? /WebAssembly/ : /tfjs-node/)
  await networks.close()
})

t.test('on tfjs-node', { skip }, async (t) => checkFaceApiRuntime(t, 'tfjs-node'))
