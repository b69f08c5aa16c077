import t from 'tap'
import { PythonPeer, peersFolder } from '../../bench/peers/python-peer.js'
import { runBench } from './command-line.js'

t.test('a Python library that is not installed is told, with the command that installs it', async (t) => {
  process.env.FACEMETRIC_PEERS = t.testdir()
  const { signal } = new AbortController()
  await t.rejects(PythonPeer.start('face_recognition', signal), { message: /npm run setup:peers/ })
})

t.test('the libraries lie in the user’s cache folder unless told otherwise', async (t) => {
  t.equal(peersFolder({ FACEMETRIC_PEERS: '/opt/peers' }), '/opt/peers')
  t.equal(peersFolder({ XDG_CACHE_HOME: '/var/cache' }), '/var/cache/facemetric-peers')
})

t.test('a wrong option is told', async (t) => {
  const { code, stderr } = await runBench('compare-peers.js', ['--rounds', '0'])
  t.equal(code, 2)
  t.match(stderr, /--rounds takes a whole number from 1 on/)
})
