import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { PACKAGE_ROOT } from '../lib/package-root.js'

/** What a test does with a command of the documentation. */
export type Handling =
  /** It is run as it stands, beside photos and with a service that answers. */
  | { readonly kind: 'run' }
  /** It is not: its options have to be among those that this program prints with `--help`. */
  | { readonly kind: 'options'; readonly program: string; readonly why: string }
  /** It is not, and only has to name what exists. */
  | { readonly kind: 'named'; readonly exists: readonly string[]; readonly why: string }

interface Rule {
  readonly command: RegExp
  handling(match: RegExpExecArray): Handling
}

const named = (why: string, ...exists: string[]): Handling => ({ kind: 'named', exists, why })

/** The first that matches counts. A command that none matches is an error: it has to be run, or to be given a reason here. */
const RULES: readonly Rule[] = [
  {
    command: /^(?:facemetric|node dist\/cli\.js) serve\b/,
    handling: () => named('goes on until it is stopped: the test named here does that', 'test/cli/serve.test.ts'),
  },
  {
    command: /^(?:facemetric|node dist\/cli\.js) doctor\b/,
    handling: () => named('takes seconds for each runtime: the test named here runs it', 'test/cli/doctor.test.ts'),
  },
  { command: /^(?:facemetric|node dist\/cli\.js) /, handling: () => ({ kind: 'run' }) },
  { command: /^(?:curl|base64|printf|[{}]) ?/, handling: () => ({ kind: 'run' }) },
  {
    command: /^npm ci && npm (?:start|test)$/,
    handling: () => named('installs all packages from the registry; continuous integration begins with it', '.ci/run'),
  },
  {
    command: /^npm (?:ci|start|test)$/,
    handling: () => named('the same, each by itself', '.ci/run', 'test/server.test.ts'),
  },
  {
    command: /^npm (?:ci && npm run build && npm pack|install --ignore-scripts .*\.tgz)$/,
    handling: () =>
      named('installs packages from the registry: the test named here does that', 'test/deploy/packed.test.ts'),
  },
  {
    command: /^npm install ((?:@?[\w/-]+@[\d.]+ ?)+)$/,
    handling: ([, packages]) =>
      named('installs optional packages, which tests use', ...packages.split(' ').map(folderOfPackage)),
  },
  {
    command: /^npm run ([\w:-]+) -- /,
    handling: ([, script]) => ({
      kind: 'options',
      program: programOf(script),
      why: 'takes minutes, or a set of photos that is not part of the project; its own tests run it small',
    }),
  },
  {
    command: /^npm run ([\w:-]+)$/,
    handling: ([, script]) => named('a step of development that takes minutes', ...filesOf(script)),
  },
  {
    command: /^docker build .*--target (\w+) \.$/,
    handling: ([, target]) => {
      const stage = readFileSync(path.join(PACKAGE_ROOT, 'Dockerfile'), 'utf8').includes(` AS ${target}\n`)
      return named('takes minutes: npm run test:image does it', stage ? 'Dockerfile' : `Dockerfile, stage ${target}`)
    },
  },
  {
    command: /^docker run /,
    handling: () => named('needs that image: npm run test:image starts it with these limits', 'scripts/test-image.ts'),
  },
  {
    command: /^kubectl apply -k (\S+)$/,
    handling: ([, folder]) =>
      named('needs a cluster: scripts/check-kubernetes.sh checks it', `${folder}/kustomization.yaml`),
  },
]

/** @returns undefined for a command that is not known */
export function handlingOf(command: string): Handling | undefined {
  for (const rule of RULES) {
    const match = rule.command.exec(command)
    if (match) return rule.handling(match)
  }
  return undefined
}

/** The commands of a block of shell, without comments; one that goes on over several lines, or a pipe of them, is one. */
export function commandsOf(code: string): string[] {
  if (/^\{/m.test(code)) return [code]
  return code
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s+)# .*$/, '').trim())
    .filter((line) => line !== '')
}

/** The options that a command line names. */
export function optionsIn(command: string): string[] {
  return [...command.matchAll(/ (--[\w-]+)/g)].map(([, option]) => option)
}

function scriptText(script: string): string {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8'),
  )
  return scripts[script] ?? ''
}

/** The program that an npm script starts. */
function programOf(script: string): string {
  return /node (dist\/\S+\.js)/.exec(scriptText(script))?.[1] ?? `the program of npm run ${script}`
}

/** What an npm script needs: its program, if it is one of ours. */
function filesOf(script: string): string[] {
  if (scriptText(script) === '') return [`the script ${script}`]
  return /node dist\//.test(scriptText(script)) ? [programOf(script)] : []
}

export function exists(name: string): boolean {
  return existsSync(path.join(PACKAGE_ROOT, name))
}

/** Of a package such as `@scope/name@1.2`. */
function folderOfPackage(text: string): string {
  return `node_modules/${text.replace(/@[\d.]+$/, '')}`
}
