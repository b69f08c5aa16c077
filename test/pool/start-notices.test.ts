import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { loadOrSkip } from '../tfjs-node.js'

const START = `const { createPooledFaceEngine } = await import('./dist/lib/pool/pooled-face-engine.js')
await (await createPooledFaceEngine({ runtime: 'tensorflow', workers: 1 })).close()`

const tfjsNode = loadOrSkip()
const skip = typeof tfjsNode === 'string' && tfjsNode

t.test('a service on TensorFlow starts without a word on standard error', { skip }, async (t) => {
  const args = ['--input-type=module', '--eval', START]
  const { stderr } = await promisify(execFile)(process.execPath, args)
  t.equal(stderr, '')
})
