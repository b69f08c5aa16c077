import t from 'tap'
import { oncePerObject } from '../lib/once-per-object.js'

t.test('what was made of an object is not made again', async (t) => {
  const made: object[] = []
  const once = oncePerObject((from: { name: string }) => {
    made.push(from)
    return { of: from.name }
  })
  const [one, other] = [{ name: 'one' }, { name: 'one' }]
  t.same(once(one), { of: 'one' })
  t.equal(once(one), once(one))
  t.not(once(other), once(one), 'of another that looks the same, another')
  t.same(made, [one, other])
})
