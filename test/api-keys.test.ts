import t from 'tap'
import { apiKeyOf, describeApiKey, MIN_KEY_LENGTH, makeApiKey, nameOfApiKey, parseApiKeys } from '../lib/api-keys.js'

const SECRET = 'a-key-that-is-long-enough'

t.test('a key opens as text and as hash, under each of its names', async (t) => {
  const hashed = describeApiKey(apiKeyOf('web', SECRET))
  t.match(hashed, /^web:sha256:[0-9a-f]{64}$/)
  for (const text of [`web:${SECRET}`, hashed, hashed.toUpperCase().replace('WEB', 'web')]) {
    t.equal(nameOfApiKey(parseApiKeys(text, 'test'), SECRET), 'web')
    t.equal(nameOfApiKey(parseApiKeys(text, 'test'), `${SECRET}x`), undefined)
  }
  const old = makeApiKey()
  const rotating = parseApiKeys(
    `# two of the web\nweb:${SECRET}\r\n\nweb:${old}, batch:sha256:${'0'.repeat(64)}`,
    'test',
  )
  t.same(
    rotating.map(({ name }) => name),
    ['web', 'web', 'batch'],
  )
  t.equal(nameOfApiKey(rotating, old), 'web')
  t.equal(nameOfApiKey([], SECRET), undefined)
})

t.test('made keys differ, are long, and are told by their beginning', async (t) => {
  const keys = Array.from({ length: 100 }, makeApiKey)
  t.equal(new Set(keys).size, keys.length)
  for (const key of keys) t.match(key, /^facemetric_[\w-]{43}$/)
})

t.test('what is wrong with a key is said without the key', async (t) => {
  const short = 's'.repeat(MIN_KEY_LENGTH - 1)
  const wrong: [text: string, message: RegExp][] = [
    ['', /^FILE holds no key$/],
    ['# none', /^FILE holds no key$/],
    [SECRET, /^FILE: entry 1 is not NAME:KEY or NAME:sha256:HEX$/],
    [`a:${SECRET}, b:${short}`, /^FILE: entry 2: the key of b has 23 characters; 24 are needed$/],
    ['a:', /^FILE: entry 1: the key of a holds other characters/],
    [`a:${SECRET} ${SECRET}`, /^FILE: entry 1: the key of a holds other characters than visible ASCII$/],
    ['a:sha256:abc', /^FILE: entry 1: the SHA-256 of a is not 64 hexadecimal digits$/],
    [`my app:${SECRET}`, /^FILE: entry 1: the name "my app" is not 1 to 64 letters/],
    [`:${SECRET}`, /^FILE: entry 1: the name "" is not/],
  ]
  for (const [text, message] of wrong) {
    t.throws(() => parseApiKeys(text, 'FILE'), { message }, text)
    try {
      parseApiKeys(text, 'FILE')
    } catch (error) {
      t.notMatch(String(error), new RegExp(`${SECRET}|${short}`))
    }
  }
})
