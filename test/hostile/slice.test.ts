import t from 'tap'
import { skip } from '../process-tree.js'
import { besiege } from './siege.js'

t.setTimeout(300_000)
const SEED = 20_240_607

t.test('bad uploads of every kind are refused and leave nothing behind', { skip }, async (t) => {
  const siege = await besiege({ seed: SEED, uploads: 120, clients: 2, slow: false })
  t.ok(siege.refused >= 120)
  t.same(
    siege.wrong.map(({ name, outcome }) => `${name}: ${outcome}`),
    [],
    'each was answered 4xx or closed',
  )
  t.same(siege.avoidableDeaths, [])
  const [before] = siege.conditions
  const after = siege.conditions[siege.conditions.length - 1]
  t.equal(after.distance, before.distance, 'a good pair gives the same distance')
  t.same(after.workers, before.workers, 'the processes are the same')
  t.same(after.requestFiles, [])
})
