import t from 'tap'
import { parseServerTiming } from '../../page/timings.js'
import { bytes, milliseconds, oneIn, percent, rate } from '../../page/words.js'

t.test('rates are told as people say them', async (t) => {
  const told = [1, 0.83, 0.5, 0.1, 0.0101, 1e-3, 0.00037, 1e-5].map(rate)
  t.same(told, [...['all', '83 of 100', '50 of 100', '1 of 10', '1 of 99', '1 of 1,000', '1 of 2,700', '1 of 100,000']])
  t.equal(oneIn(0.5), '1 in 2')
  t.same([0.0601, 0.42, 1].map(percent), ['6.0 %', '42 %', '100 %'])
})

t.test('sizes and times have as many digits as say something', async (t) => {
  t.same([3, 56_400, 999_600, 3_456_000].map(bytes), ['1 KB', '56 KB', '1.0 MB', '3.5 MB'])
  t.same([0.42, 9.96, 605.4].map(milliseconds), ['0.4 ms', '10.0 ms', '605 ms'])
})

t.test('timings of the service are read from its header, with and without a description', async (t) => {
  t.same(parseServerTiming('decode;dur=12.3, detect;desc="Find, then; mark";dur=20,cache;desc=hit, x;DUR=1'), [
    { name: 'decode', milliseconds: 12.3 },
    { name: 'Find, then; mark', milliseconds: 20 },
    { name: 'x', milliseconds: 1 },
  ])
  t.same(parseServerTiming(null), [])
  t.same(parseServerTiming(';;,"'), [])
})
