import t from 'tap'
import { checkFaceApiRuntime } from './face-api-checks.js'

await checkFaceApiRuntime(t, 'wasm')
