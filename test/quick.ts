/**
 * The quick tests, each file in a process of its own. tap adds loaders to each process that it starts itself, which compile
 * TypeScript and record what is loaded: a second of processor time a file, a fifth of the whole. So tap starts this one, and
 * this one the rest, as plain Node.
 */
import t from 'tap'
import { globSync } from 'tinyglobby'

/** Too long for the quick tests, so with commands of their own (package.json). */
const LONGER = ['cli', 'bench', 'faults', 'deploy', 'browser', 'memory', 'openapi', 'documented-code.test.js']
/** For one file, on a slow machine that is busy with something else as well. */
const FILE_TIMEOUT_SECONDS = 300

const files = globSync('dist/test/**/*.test.js', { ignore: LONGER.map((name) => `dist/test/${name}`) }).sort()
if (files.length === 0) throw new Error('There are no compiled tests in dist/test: npm run build comes first')

// Many tests start processes of their own, so more at a time than two only get in each other's way.
t.jobs = 2
for (const file of files) {
  // NODE_OPTIONS is where tap puts its loaders.
  const env = ['-u', 'NODE_OPTIONS', `TAP_TIMEOUT=${FILE_TIMEOUT_SECONDS}`]
  const args = [...env, process.execPath, '--enable-source-maps', file]
  void t.spawn('env', args, { buffered: true, at: null, stack: '' }, file)
}
