import { readFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { buildApp } from '../../app.js'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { fakeEngine } from '../fake-engine.js'
import { formRequest, pictures } from '../forms.js'
import { readMarkdown, tableRows } from '../markdown.js'
import { writePortraits } from '../portraits.js'
import { skip } from '../process-tree.js'
import { Service } from '../service.js'
import { until } from '../until.js'

/** What the log and the metrics tell of a comparison. */
const PHASES = ['upload', 'queue', 'decode', 'detect', 'landmarks', 'describe', 'handover', 'verdict', 'reply']

t.setTimeout(120_000)

/** The value of each series, by its name with labels. */
function parse(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

/** The type of each metric by its name. */
function typesOf(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]))
}

t.test('a started service counts what it does', async (t) => {
  const portraits = await writePortraits()
  t.teardown(() => portraits.remove())
  const service = await Service.start({ env: { FACEMETRIC_WORKERS: '1', FACEMETRIC_QUEUE: '3' } })
  t.teardown(() => service.stop())
  const scrape = async () => parse(await (await fetch(`${service.url}/metrics`)).text())

  t.equal((await service.compare(portraits.path(0), portraits.path(0))).status, 200)
  t.equal((await service.compare(portraits.path(0), portraits.path(1))).status, 200)
  const whole =
    (await scrape()).get('facemetric_http_request_duration_seconds_sum{method="POST",route="/compare"}') ?? 0
  await fetch(`${service.url}/compare`, { method: 'POST', body: 'text' })
  await fetch(`${service.url}/anna.jpg`)
  const reply = await fetch(`${service.url}/metrics`)
  t.match(reply.headers.get('content-type'), /^text\/plain; version=0\.0\.4/)
  const text = await reply.text()
  const values = parse(text)

  t.test('requests by route, method and code, and refusals by reason', async (t) => {
    t.equal(values.get('facemetric_http_requests_total{method="POST",route="/compare",code="200"}'), 2)
    t.equal(values.get('facemetric_http_requests_total{method="POST",route="/compare",code="415"}'), 1)
    t.equal(values.get('facemetric_http_requests_total{method="GET",route="none",code="404"}'), 1)
    t.equal(values.get('facemetric_http_problems_total{problem="unsupported_media_type"}'), 1)
    t.equal(values.get('facemetric_comparisons_total{result="identical"}'), 1)
    t.equal(values.get('facemetric_comparisons_total{result="different"}'), 1)
  })

  t.test('how long each phase takes, in seconds', async (t) => {
    const name = 'facemetric_comparison_phase_duration_seconds'
    let sum = 0
    for (const phase of PHASES) {
      t.equal(values.get(`${name}_count{phase="${phase}"}`), 2, phase)
      sum += values.get(`${name}_sum{phase="${phase}"}`) ?? Number.NaN
    }
    t.ok(sum > 0.8 * whole && sum < 1.1 * whole, `${sum} of ${whole} s`)
  })

  t.test('the queue, the processes and the event loop', async (t) => {
    t.equal(values.get('facemetric_ready'), 1)
    t.equal(values.get('facemetric_queue_length'), 0)
    t.equal(values.get('facemetric_queue_limit'), 3)
    t.equal(values.get('facemetric_workers{state="idle"}'), 1)
    t.equal(values.get('facemetric_worker_restarts_total'), 0)
    t.ok((values.get('nodejs_eventloop_lag_p99_seconds') ?? 0) > 0)
    t.ok((values.get('process_resident_memory_bytes') ?? 0) > 2 ** 25)
  })

  t.test('names and units are as Prometheus has them, and labels hold nothing a client made up', async (t) => {
    for (const [name, type] of typesOf(text)) {
      if (!name.startsWith('facemetric_')) continue
      t.match(name, /^facemetric_[a-z_]+$/)
      t.equal(name.endsWith('_total'), type === 'counter', name)
      if (type === 'histogram') t.match(name, /_seconds$/)
    }
    t.notMatch(text, /anna|127\.0\.0/)
  })

  t.test('docs/OPERATIONS.md lists every metric of its own', async (t) => {
    const rows = tableRows(readMarkdown('docs/OPERATIONS.md'), /^`facemetric_\w+`$/)
    const documented = rows.map(([name, type]) => [name.replaceAll('`', ''), type])
    const own = [...typesOf(text)].filter(([name]) => name.startsWith('facemetric_'))
    t.same(documented, own)
  })

  t.test('a process that was killed is counted as replaced', { skip }, async (t) => {
    t.ok((values.get('facemetric_worker_resident_memory_bytes{worker="0"}') ?? 0) > 2 ** 26)
    process.kill(service.workers()[0], 'SIGKILL')
    await until('another is ready', async () => {
      const now = await scrape()
      return now.get('facemetric_worker_restarts_total') === 1 && now.get('facemetric_ready') === 1
    })
  })
})

t.test('the autoscaler for Kubernetes goes by a metric that exists', async (t) => {
  const app = buildApp({ faceEngine: fakeEngine(), config: { logLevel: 'silent', tempDir: t.testdir() } })
  t.teardown(() => app.close())
  const file = path.join(PACKAGE_ROOT, 'deploy/kubernetes/queue-length/kustomization.yaml')
  const name = /metric:\n\s+name: (\w+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  t.equal(typesOf((await app.inject('/metrics')).body).get(name), 'gauge', name)
})

t.test('page, description and metrics are there as the settings say', async (t) => {
  const places = { page: '/', docs: '/openapi.json', metrics: '/metrics' } as const
  const apiKeys = 'prometheus:a-key-that-is-long-enough-0123456789'
  for (const [setting, url] of Object.entries(places)) {
    for (const [access, without, withKey] of [
      ['open', 200, 200],
      ['key', 401, 200],
      ['off', 404, 404],
    ] as const) {
      const config = { logLevel: 'silent', tempDir: t.testdir(), apiKeys, [setting]: access } as const
      const app = buildApp({ faceEngine: fakeEngine(), config })
      t.equal((await app.inject(url)).statusCode, without, `${setting}=${access}`)
      const headers = { authorization: `Bearer ${apiKeys.split(':')[1]}` }
      t.equal((await app.inject({ url, headers })).statusCode, withKey, `${setting}=${access}, with a key`)
      t.equal((await app.inject('/health/live')).statusCode, 200)
      await app.close()
    }
  }
})

t.test('two services in one process count each for itself', async (t) => {
  const apps = [1, 2].map(() =>
    buildApp({ faceEngine: fakeEngine(), config: { logLevel: 'silent', tempDir: t.testdir() } }),
  )
  t.teardown(() => Promise.all(apps.map((app) => app.close())))
  await apps[0].inject(await formRequest(pictures()))
  const [first, second] = await Promise.all(apps.map(async (app) => parse((await app.inject('/metrics')).body)))
  t.equal(first.get('facemetric_comparisons_total{result="identical"}'), 1)
  t.equal(second.get('facemetric_comparisons_total{result="identical"}'), undefined)
})
