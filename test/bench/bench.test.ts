import t from 'tap'
import { BENCH_USAGE, parseBenchOptions } from '../../bench/bench-options.js'
import { runBench } from './command-line.js'

t.setTimeout(180_000)
const quick = ['--quick', '--runtime', 'onnx']

t.test('a whole pair of photos: several times faster than face-api as shipped, in the same run', async (t) => {
  const { code, stdout, stderr } = await runBench('bench.js', [...quick, '--only', 'pair', '--json'])
  t.equal(code, 0, stderr)
  const { comparison, http } = JSON.parse(stdout)
  t.match(comparison.engines.facemetric, /^onnxruntime-node /)
  t.match(comparison.engines.face_api, /^face-api .+ on (tfjs-node|TensorFlow.js .+ WebAssembly)/)
  t.equal(comparison.rows.length, 1)
  const [{ name, facemetric, face_api, ratio }] = comparison.rows
  t.equal(name, 'pair of photos')
  for (const { lower, median, upper } of [facemetric, face_api, ratio]) {
    t.ok(lower > 0 && lower <= median && median <= upper, `${lower}, ${median}, ${upper}`)
  }
  // Far below what is measured on a quiet machine, as tests share theirs.
  t.ok(ratio.median > 3, `${ratio.median} times`)
  t.equal(http, undefined)
})

t.test('requests a second through the real service', async (t) => {
  const { code, stdout, stderr } = await runBench('bench.js', [...quick, '--only', 'http', '--json'])
  t.equal(code, 0, stderr)
  const { comparison, http } = JSON.parse(stdout)
  t.equal(comparison, undefined)
  t.equal(http.engine, 'onnx')
  t.ok(http.requests > 0)
  t.ok(http.requests_per_second > 0)
  t.equal(http.clients, 2 * http.inference_processes)
  t.ok(http.median_milliseconds <= http.p95_milliseconds)
})

t.test('a wrong option is named, with the usage', async (t) => {
  const { code, stdout, stderr } = await runBench('bench.js', ['--only', 'teleportation'])
  t.strictSame({ code, stdout }, { code: 2, stdout: '' })
  t.equal(stderr, `--only fits nothing that is measured; got teleportation\n\n${BENCH_USAGE}`)
  t.throws(() => parseBenchOptions(['--runtime', 'cuda']), { message: /^--runtime takes one of auto, tensorflow/ })
  t.throws(() => parseBenchOptions(['fast']), { name: 'UsageError' })
})
