import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { COMMANDS } from '../cli/commands.js'
import { compare } from '../cli/compare.js'
import { completion } from '../cli/completion.js'
import { doctor } from '../cli/doctor.js'
import { samples } from '../cli/samples.js'
import { serve } from '../cli/serve.js'
import { VERSION } from '../lib/version.js'
import { CLI, runCli } from './cli/run-cli.js'

t.setTimeout(240_000)

const NAMES = Object.keys(COMMANDS).join(', ')

t.test('--help names every command, and the help of each shows examples', async (t) => {
  const { code, stdout } = await runCli(['--help'])
  t.equal(code, 0)
  for (const [name, { load }] of Object.entries(COMMANDS)) {
    const { help } = await load()
    t.match(stdout, new RegExp(`^  ${name} `, 'm'))
    t.match(help, /^Exit code 0: /m, `${name}: exit codes`)
    t.match(help, new RegExp(`^Usage: facemetric ${name}[ \\n]`))
    t.match(help, /^Examples:\n {2}\S/m)
  }
  t.same(await runCli(['help', 'compare']), { code: 0, stdout: compare.help, stderr: '' })
  t.same(await runCli(['compare', 'one.jpg', '--help']), { code: 0, stdout: compare.help, stderr: '' })
  t.equal((await runCli(['compare', '--', '--help'])).code, 2, 'behind -- it is the name of a file')
})

t.test('--version is the version of the package', async (t) => {
  t.same(await runCli(['--version']), { code: 0, stdout: `${VERSION}\n`, stderr: '' })
})

t.test('a command line that cannot be understood says so, where help is, and exits with 2', async (t) => {
  const wrong: [string[], string][] = [
    [[], `a command is missing; there are ${NAMES}\nTry 'facemetric --help'.\n`],
    [['toString'], `there is no command 'toString'; there are ${NAMES}\nTry 'facemetric --help'.\n`],
    [['comapre'], "there is no command 'comapre'. Did you mean 'compare'?\nTry 'facemetric --help'.\n"],
    [['compare', '--jsn'], "unknown option '--jsn'. Did you mean '--json'?\nTry 'facemetric compare --help'.\n"],
    [['compare', '--frobnicate'], "unknown option '--frobnicate'\nTry 'facemetric compare --help'.\n"],
  ]
  for (const [args, message] of wrong) {
    t.same(await runCli(args), { code: 2, stdout: '', stderr: `facemetric: ${message}` })
  }
})

t.test('every wrong option and operand is named', async (t) => {
  const photos = ['one.jpg', 'two.jpg']
  const wrong = [
    [compare, [], 'missing: REFERENCE, LIVE'],
    [compare, ['one.jpg'], 'missing: LIVE'],
    [compare, [...photos, '--threshold'], "option '--threshold <value>' argument missing"],
    [compare, [...photos, '--threshold', 'abc'], "--threshold takes a number above 0 and below 2; got 'abc'"],
    [compare, [...photos, '--threshold='], "--threshold takes a number above 0 and below 2; got ''"],
    [compare, [...photos, '--threshold', '2'], "--threshold takes a number above 0 and below 2; got '2'"],
    [
      compare,
      [...photos, '--threshold', '0.3', '--false-match-rate', '1e-4'],
      '--threshold and --false-match-rate cannot go together: the rate is another way to say the threshold',
    ],
    [compare, [...photos, '--faces', 'all'], "--faces takes one of largest, single, any; got 'all'"],
    [
      compare,
      [...photos, '--engine', 'gpu'],
      "--engine takes one of auto, tensorflow, onnx, wasm, face-api; got 'gpu'",
    ],
    [compare, [...photos, '--faces', 'singel'], /got 'singel'\. Did you mean 'single'\?$/],
    [
      compare,
      [...photos, '--annotate', 'out.gif'],
      "--annotate takes a file that ends in .jpg, .jpeg, .png, .webp; got 'out.gif'",
    ],
    [
      compare,
      [...photos, '--server', 'localhost:5000'],
      "--server takes a URL such as http://localhost:5000; got 'localhost:5000'",
    ],
    [
      compare,
      [...photos, '--server', 'http://localhost', '--preset', 'fast'],
      '--preset is for comparing here; a service has its own',
    ],
    [compare, [...photos, '--api-key', 'secret'], '--api-key is for a service: --server names it'],
    [completion, ['tcsh'], "completion takes one of bash, zsh, fish; got 'tcsh'"],
    [doctor, ['--engine', 'auto'], "--engine takes one of tensorflow, onnx, wasm, face-api; got 'auto'"],
    [samples, [], 'missing: FOLDER'],
    [serve, ['now'], "one argument too many: 'now'"],
  ] as const
  for (const [command, args, message] of wrong) {
    await t.rejects(command.run(args), { name: 'UsageError', message }, args.join(' '))
  }
})

t.test('it runs through the link npm makes', { skip: process.platform === 'win32' }, async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-test-'))
  t.teardown(() => rm(folder, { recursive: true }))
  await chmod(CLI, 0o755)
  await symlink(CLI, path.join(folder, 'facemetric'))
  const { stdout } = await promisify(execFile)(path.join(folder, 'facemetric'), ['--version'])
  t.equal(stdout, `${VERSION}\n`)
})
