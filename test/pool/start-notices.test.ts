import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { loadTfjsNode } from '../../lib/runtime/tfjs-node.js'

const START = `const { createPooledFaceEngine } = await import('./dist/lib/pool/pooled-face-engine.js')
await (await createPooledFaceEngine({ runtime: 'tensorflow', workers: 1 })).close()`

function reasonToSkip(): string | false {
  try {
    loadTfjsNode()
    return false
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

t.test('a service on TensorFlow starts without a word on standard error', { skip: reasonToSkip() }, async (t) => {
  const args = ['--input-type=module', '--eval', START]
  const { stderr } = await promisify(execFile)(process.execPath, args)
  t.equal(stderr, '')
})
