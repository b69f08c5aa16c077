import t from 'tap'
import { completeConfig, readConfig, unknownSettings } from '../lib/config.js'

t.test('without any variable every setting has a value that works', async (t) => {
  t.match(readConfig({}), { port: 5000, host: '0.0.0.0', maxPixels: 50_000_000, engine: 'auto', timeout: 10 })
  t.same(readConfig({ PORT: '', FACEMETRIC_ENGINE: ' ' }), readConfig({}), 'an empty variable counts as absent')
})

t.test('variables become values of the right type', async (t) => {
  const env = { PORT: '8080', HOST: '127.0.0.1', FACEMETRIC_MAX_PIXELS: '1e6', FACEMETRIC_TIMEOUT: '0.5', OTHER: 'x' }
  t.match(readConfig(env), { port: 8080, host: '127.0.0.1', maxPixels: 1_000_000, timeout: 0.5 })
  const origins = 'https://a.example, http://localhost:8080'
  t.equal(readConfig({ FACEMETRIC_CORS_ORIGIN: origins }).corsOrigin, origins)
})

t.test('a wrong variable is named, with what is expected and what was given', async (t) => {
  const wrong: [name: string, value: string, message: RegExp][] = [
    ['PORT', 'abc', /PORT must be integer; got "abc"/],
    [
      'FACEMETRIC_CORS_ORIGIN',
      'foo',
      /FACEMETRIC_CORS_ORIGIN must be \*, none, or origins such as https:.*; got "foo"/,
    ],
    ['PORT', '80.5', /PORT must be integer; got 80.5/],
    ['PORT', '70000', /PORT must be <= 65535; got 70000/],
    ['FACEMETRIC_ENGINE', 'cuda', /FACEMETRIC_ENGINE must be .*: auto, tensorflow, onnx, wasm, face-api; got "cuda"/],
    ['FACEMETRIC_TIMEOUT', '0', /FACEMETRIC_TIMEOUT must be > 0; got 0/],
    ['FACEMETRIC_FALSE_MATCH_RATE', '0', /FACEMETRIC_FALSE_MATCH_RATE must be > 0; got 0/],
    ['FACEMETRIC_FALSE_MATCH_RATE', '1 in 1000', /FACEMETRIC_FALSE_MATCH_RATE must be number; got "1 in 1000"/],
    ['FACEMETRIC_MAX_FILE_BYTES', '20MB', /FACEMETRIC_MAX_FILE_BYTES must be integer; got "20MB"/],
    ['FACEMETRIC_CORS_ORIGIN', 'a.example', /FACEMETRIC_CORS_ORIGIN must .*; got "a.example"/],
  ]
  for (const [name, value, message] of wrong) t.throws(() => readConfig({ [name]: value }), { message })
  t.throws(
    () => readConfig({ PORT: 'x', FACEMETRIC_LOG_LEVEL: 'y' }),
    { message: /PORT.*FACEMETRIC_LOG_LEVEL/s },
    'all at once',
  )
})

t.test('settings given in code are checked alike', async (t) => {
  t.equal(completeConfig({ maxPixels: 1000 }).maxPixels, 1000)
  t.throws(() => completeConfig({ maxPixels: '1000' }), {
    message: /FACEMETRIC_MAX_PIXELS must be integer; got "1000"/,
  })
})

t.test('a misspelt variable is found, those that Kubernetes sets are not', async (t) => {
  const env = {
    FACEMETRIC_MAX_PIXEL: '1',
    FACEMETRIC_MAX_PIXELS: '1',
    FACEMETRIC_SERVICE_HOST: '',
    FACEMETRIC_PORT_5000_TCP: '',
  }
  t.same(unknownSettings(env), ['FACEMETRIC_MAX_PIXEL'])
})
