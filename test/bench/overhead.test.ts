import t from 'tap'
import { runBench } from './command-line.js'

t.test('the cost of a pair beside its networks is told, with a warm-up of any length', async (t) => {
  for (const pairs of ['0', '3']) {
    const args = ['--warm-up', pairs, '--rounds', '2', '--runs', '1', '--json']
    const { code, stdout, stderr } = await runBench('overhead.js', args)
    t.equal(code, 0, stderr)
    const { rounds, pair, networks } = JSON.parse(stdout)
    t.equal(rounds, 2)
    t.ok(pair.median > 0 && networks.median > 0)
    t.equal(stderr.includes('of 3 pairs'), pairs === '3', 'its progress')
  }
})

t.test('a warm-up that is no number of pairs is refused', async (t) => {
  const { code, stderr } = await runBench('overhead.js', ['--warm-up', 'long'])
  t.equal(code, 2)
  t.match(stderr, '--warm-up takes a whole number from 0 on; got long')
})
