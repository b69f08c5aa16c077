import t from 'tap'
import { formatRuntimesReport, type RuntimesReport } from '../../bench/runtimes-report.js'

const report: RuntimesReport = {
  cpus: 2,
  sides: [
    { side: 'face-api', runtime: 'face-api', description: 'face-api 1' },
    { side: 'facemetric', runtime: 'onnx', description: 'onnxruntime 1' },
  ],
  failed: ['the runtime wasm: Cannot find package'],
  rows: [
    {
      name: 'landmarks',
      milliseconds: [
        [10, 30, 20],
        [5, 10, 5],
      ],
    },
  ],
  processes: [{ runtime: 'onnx', processes: 2, threads: 1, pairs_per_second: [40, 42, 41] }],
  memory: [{ runtime: 'onnx', ready_megabytes: 150.4, working_megabytes: 160.6 }],
}

t.test('the report of the runtimes gives medians, and ratios taken round by round', async (t) => {
  const lines = formatRuntimesReport(report).split('\n')
  t.ok(lines.includes('|  | face-api as shipped | onnx |'))
  t.ok(lines.includes('| landmarks | 20.0 | 5.0 (3.0) |'))
  t.ok(lines.includes('| onnx | 2 | 1 | 41.0 |'))
  t.ok(lines.includes('| onnx | 150 | 161 |'))
  t.ok(lines.includes('- not measured: the runtime wasm: Cannot find package'))
})
