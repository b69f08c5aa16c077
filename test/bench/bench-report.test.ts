import t from 'tap'
import { formatBenchReport, makeBenchReport } from '../../bench/bench-report.js'

const comparison = {
  engines: { facemetric: 'onnxruntime-node 1', face_api: 'face-api 1 on tfjs-node 4' },
  measurements: [
    { name: 'landmarks', ours: [1, 2, 4], theirs: [10, 10, 20] },
    { name: 'pair of photos', ours: [30, 30, 30], theirs: [300, 330, 360] },
  ],
}
const http = {
  engine: 'onnx',
  requests_per_second: 47.26,
  requests: 142,
  inference_processes: 2,
  clients: 4,
  median_milliseconds: 83.6,
  p95_milliseconds: 101.2,
}

t.test('the ratio is taken round by round, not from the medians', async (t) => {
  const report = makeBenchReport(comparison, undefined)
  t.match(report.comparison, {
    rounds: 3,
    rows: [
      {
        name: 'landmarks',
        facemetric: { lower: 1.5, median: 2, upper: 3 },
        face_api: { lower: 10, median: 10, upper: 15 },
        // Ratios of the rounds: 10, 5, 5.
        ratio: { lower: 5, median: 5, upper: 7.5 },
      },
      { name: 'pair of photos', ratio: { lower: 10.5, median: 11, upper: 11.5 } },
    ],
  })
  t.equal(report.http, undefined)
})

t.test('for people: a table, and what was measured on what', async (t) => {
  const [machine, ...lines] = formatBenchReport(makeBenchReport(comparison, http)).split('\n')
  t.ok(machine.endsWith(`Node ${process.version}, ${process.platform} ${process.arch}`))
  t.strictSame(lines, [
    'facemetric on onnxruntime-node 1',
    'face-api 1 on tfjs-node 4',
    'one process each, one thread, the same photos in turns; medians of 3 rounds',
    '',
    '                facemetric  face-api    ratio (quartiles)',
    'landmarks           2.0 ms   10.0 ms     5.0 (5.0 to 7.5)',
    'pair of photos     30.0 ms  330.0 ms  11.0 (10.5 to 11.5)',
    '',
    'HTTP  47.3 requests a second, each with two photos, from 4 clients on the same',
    '      machine to 2 inference processes on onnx; 142 requests, median 84 ms, 95 % within 101 ms',
  ])
})
