import t from 'tap'
import { loadFaceApiNetworks } from '../../lib/runtime/face-api.js'
import { loadTfjsNode } from '../../lib/runtime/tfjs-node.js'
import { checkFaceApiRuntime } from './face-api-checks.js'

function whyNot(): string | false {
  try {
    loadTfjsNode()
    return false
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const skip = whyNot()

t.test('without a choice, the native backend is taken where it loads and WebAssembly elsewhere', async (t) => {
  const networks = await loadFaceApiNetworks()
  t.match(networks.description, skip ? /WebAssembly/ : /tfjs-node/)
  await networks.close()
})

t.test('on tfjs-node', { skip }, async (t) => checkFaceApiRuntime(t, 'tfjs-node'))
