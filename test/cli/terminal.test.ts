import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { paintFor } from '../../cli/colours.js'
import { layColumns } from '../../cli/columns.js'
import { StatusLine } from '../../cli/status-line.js'
import { writeSamplePhotos } from '../../lib/sample-photos.js'
import { CLI, cliEnvironment, runCli } from './run-cli.js'

t.setTimeout(240_000)
const EMPTY_LINE = '\r\u001b[K'
const { reference, samePerson } = await writeSamplePhotos(t.testdir())

/** `script` of util-linux gives a program a terminal. */
const skip = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0 ? false : 'there is no `script` here'

function inTerminal(args: readonly string[], env: Record<string, string> = {}) {
  const command = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ')
  return spawn('script', ['-qec', command, '/dev/null'], {
    env: cliEnvironment({ TERM: 'xterm-256color', ...env }),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

t.test('a terminal gets progress that is wiped away, and colours', { skip }, async (t) => {
  const child = inTerminal(['compare', reference, samePerson])
  const [shown, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  t.equal(code, 0)
  t.match(shown, /Loading the networks …/)
  t.match(shown, /Comparing …/)
  t.ok(
    shown.includes(`${EMPTY_LINE}\u001b[1m\u001b[32mSame person`),
    'the line is empty when the answer comes, which is green',
  )
})

t.test('NO_COLOR takes the colours away', { skip }, async (t) => {
  const child = inTerminal(['compare', '--frobnicate'], { NO_COLOR: '1' })
  const [shown] = await Promise.all([text(child.stdout), once(child, 'close')])
  t.match(shown, /^facemetric: unknown option/)
})

t.test('FORCE_COLOR brings them where there is no terminal; otherwise there are none', async (t) => {
  const plain = await runCli(['compare', '--frobnicate'])
  const coloured = await runCli(['compare', '--frobnicate'], { FORCE_COLOR: '1' })
  t.equal(coloured.stderr, plain.stderr.replace('facemetric:', '\u001b[31mfacemetric:\u001b[39m'))
  const output = { isTTY: true as const, hasColors: () => true }
  for (const [env, looks] of [
    [{}, true],
    [{ NO_COLOR: '' }, true],
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
  ] as const) {
    t.equal(paintFor(output, env)('red', 'x') !== 'x', looks, JSON.stringify(env))
  }
  t.equal(paintFor({ isTTY: true, hasColors: () => false }, {})('red', 'x'), 'x', 'a terminal without colours')
})

t.test('Ctrl-C wipes the progress away and ends by the signal', { skip: process.platform === 'win32' }, async (t) => {
  const program = `
    import { StatusLine } from '${new URL('../../cli/status-line.js', import.meta.url)}'
    new StatusLine({ isTTY: true, write: (text) => process.stdout.write(text) }).show('working')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [shown, [code, signal]] = await Promise.all([
    new Promise<string>((resolve) => {
      let all = ''
      child.stdout.setEncoding('utf8').on('data', (more: string) => {
        if (all === '') child.kill('SIGINT')
        all += more
      })
      child.stdout.once('end', () => resolve(all))
    }),
    once(child, 'close'),
  ])
  t.same({ code, signal }, { code: null, signal: 'SIGINT' })
  t.match(shown, /working/)
  t.ok(shown.endsWith(EMPTY_LINE))
})

t.test('the status line never wraps, and says nothing where there is no terminal', async (t) => {
  const written: string[] = []
  const write = (text: string) => written.push(text) > 0
  new StatusLine({ write }).show('working')
  t.same(written, [])
  const line = new StatusLine({ isTTY: true, columns: 20, write })
  line.show('a text that is longer than the line')
  line.clear()
  line.clear()
  t.equal(written.length, 2)
  t.equal(stripVTControlCharacters(written[0]).trimStart().length, 19)
})

t.test('colours take no room in a table', async (t) => {
  t.equal(
    layColumns([
      ['\u001b[31mab\u001b[39m', 'x'],
      ['abc', 'y'],
    ]),
    '\u001b[31mab\u001b[39m   x\nabc  y',
  )
})

t.test('whoever stops reading ends it quietly', { skip: process.platform === 'win32' }, async (t) => {
  const command = `'${process.execPath}' '${CLI}' --help | true`
  const child = spawn('sh', ['-c', command], { env: cliEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')])
  t.equal(stderr, '')
})
