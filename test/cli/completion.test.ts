import { execFile, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { COMMANDS } from '../../cli/commands.js'
import { runCli } from './run-cli.js'

t.setTimeout(240_000)
const folder = t.testdir({ photos: {}, 'a photo.jpg': '', 'notes.txt': '' })

/** Only where the shell is installed; the script itself is made and looked at in any case. */
function without(shell: string): false | string {
  return spawnSync(shell, ['-c', 'true']).status === 0 ? false : `${shell} is not installed`
}

async function scriptFor(shell: string): Promise<string> {
  const { code, stdout, stderr } = await runCli(['completion', shell])
  t.same({ code, stderr }, { code: 0, stderr: '' })
  const file = path.join(folder, '..', `completion.${shell}`)
  await writeFile(file, stdout)
  return file
}

t.test('each script knows every command and every option', async (t) => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = await runCli(['completion', shell])
    for (const [name, { load }] of Object.entries(COMMANDS)) {
      t.match(stdout, name, shell)
      for (const option of Object.keys((await load()).options)) t.match(stdout, option, `${shell}: ${name} --${option}`)
    }
  }
})

t.test('bash completes commands, options, values and files', { skip: without('bash') }, async (t) => {
  const script = await scriptFor('bash')
  const complete = async (...words: string[]) => {
    const list = words.map((word) => `'${word}'`).join(' ')
    const program = `. '${script}'; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _facemetric; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', program], { cwd: folder })
    return stdout.trimEnd().split('\n')
  }
  t.same(await complete('facemetric', 'co'), ['compare', 'completion'])
  t.same(await complete('facemetric', 'compare', '--fa'), ['--false-match-rate', '--faces'])
  t.same(await complete('facemetric', 'compare', '--faces', 's'), ['single'])
  t.same(await complete('facemetric', 'compare', '--json', 'a'), ['a photo.jpg'])
  t.same(await complete('facemetric', 'samples', ''), ['photos'])
  t.same(await complete('facemetric', 'completion', ''), ['bash', 'zsh', 'fish'])
})

t.test('zsh reads its script', { skip: without('zsh') }, async (t) => {
  const script = await scriptFor('zsh')
  const program = `autoload -Uz compinit && compinit -D -u && . '${script}' && echo $_comps[facemetric]`
  const { stdout } = await promisify(execFile)('zsh', ['-f', '-c', program])
  t.equal(stdout, '_facemetric\n')
})

t.test('fish completes commands, options and values', { skip: without('fish') }, async (t) => {
  const script = await scriptFor('fish')
  const complete = async (line: string) => {
    const program = `source '${script}'; complete -C '${line}'`
    const { stdout } = await promisify(execFile)('fish', ['--no-config', '-c', program], { cwd: folder })
    return stdout
      .trimEnd()
      .split('\n')
      .map((entry) => entry.split('\t')[0])
  }
  t.same(await complete('facemetric com'), ['compare', 'completion'])
  t.same(await complete('facemetric compare --fa'), ['--faces', '--false-match-rate'])
  t.same(await complete('facemetric compare --faces s'), ['single'])
  t.same(await complete('facemetric compare no'), ['notes.txt'])
})
