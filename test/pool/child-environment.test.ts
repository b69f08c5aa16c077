import t from 'tap'
import { childEnvironment } from '../../lib/pool/child-environment.js'

t.test('an inference process sees where its libraries are, and none of the service’s secrets', async (t) => {
  const env = childEnvironment({
    PATH: '/bin',
    LD_LIBRARY_PATH: '/opt/lib',
    FACEMETRIC_API_KEY: 'secret',
    AWS_SECRET_ACCESS_KEY: 'secret',
    NODE_OPTIONS: '--inspect=9229',
  })
  t.equal(env.PATH, '/bin')
  t.equal(env.LD_LIBRARY_PATH, '/opt/lib')
  t.notOk(Object.values(env).includes('secret'))
  t.notOk('NODE_OPTIONS' in env)
})

t.test('an inference process runs one thread, whatever the service was told', async (t) => {
  t.equal(childEnvironment({ OMP_NUM_THREADS: '16' }).OMP_NUM_THREADS, '1')
})
