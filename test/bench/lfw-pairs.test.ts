import t from 'tap'
import { parsePairs, photoStem, takePairs } from '../../bench/lfw-pairs.js'

const TWO_FOLDS = ['2\t1', 'Ann_Lee\t1\t12', 'Ann_Lee\t3\tBob\t4', 'Bob\t1\t2', 'Bob\t1\tCy-O\t1'].join('\n')

t.test('a file with folds: each line becomes a pair in the fold it stands in', async (t) => {
  const { pairs, folds } = parsePairs(`${TWO_FOLDS}\n`, 'pairs.txt')
  t.equal(folds, 2)
  t.strictSame(pairs, [
    { first: { person: 'Ann_Lee', number: 1 }, second: { person: 'Ann_Lee', number: 12 }, same: true, fold: 0 },
    { first: { person: 'Ann_Lee', number: 3 }, second: { person: 'Bob', number: 4 }, same: false, fold: 0 },
    { first: { person: 'Bob', number: 1 }, second: { person: 'Bob', number: 2 }, same: true, fold: 1 },
    { first: { person: 'Bob', number: 1 }, second: { person: 'Cy-O', number: 1 }, same: false, fold: 1 },
  ])
})

t.test('a photo is named as LFW names its files', async (t) => {
  t.equal(photoStem({ person: 'Ann_Lee', number: 12 }), 'Ann_Lee/Ann_Lee_0012')
})

t.test('a file with a single count is cut into ten folds, both kinds in each', async (t) => {
  const same = Array.from({ length: 20 }, (_, i) => `Ann\t${i + 1}\t${i + 2}`)
  const different = Array.from({ length: 20 }, (_, i) => `Ann\t${i + 1}\tBob\t1`)
  const { pairs, folds } = parsePairs(['20', ...same, ...different].join('\n'), 'pairsDevTest.txt')
  t.equal(folds, 10)
  const expected = Array.from({ length: 20 }, (_, i) => Math.floor(i / 2))
  t.strictSame(
    pairs.map(({ fold }) => fold),
    [...expected, ...expected],
  )
  t.strictSame(
    pairs.map(({ same }) => same),
    [...Array(20).fill(true), ...Array(20).fill(false)],
  )
})

t.test('line ends of Windows and a byte order mark do no harm', async (t) => {
  t.strictSame(
    parsePairs(`\uFEFF${TWO_FOLDS.replaceAll('\n', '\r\n')}\r\n`, 'p.txt'),
    parsePairs(TWO_FOLDS, 'pairs.txt'),
  )
})

t.test('a slice keeps the first pairs of each kind in every fold', async (t) => {
  const lines = [
    '2\t2',
    'A\t1\t2',
    'A\t2\t3',
    'A\t1\tB\t1',
    'A\t2\tB\t2',
    'C\t1\t2',
    'C\t2\t3',
    'C\t1\tD\t1',
    'C\t2\tD\t2',
  ]
  const { pairs, folds } = takePairs(parsePairs(lines.join('\n'), 'pairs.txt'), 1)
  t.equal(folds, 2)
  t.strictSame(
    pairs.map(({ first, second, fold }) => [photoStem(first), photoStem(second), fold]),
    [
      ['A/A_0001', 'A/A_0002', 0],
      ['A/A_0001', 'B/B_0001', 0],
      ['C/C_0001', 'C/C_0002', 1],
      ['C/C_0001', 'D/D_0001', 1],
    ],
  )
})

const sameExpected = 'expected a pair of the same person, "name<TAB>number<TAB>number"'
const differentExpected = 'expected a pair of different people, "name<TAB>number<TAB>name<TAB>number"'
const WRONG: [what: string, text: string, message: string][] = [
  ['an empty file', '', 'pairs.txt, line 1: expected "folds<TAB>pairs of a kind per fold", or one number; got ""'],
  [
    'a first line that is no count',
    'Ann\t1\t2',
    'pairs.txt, line 1: expected "folds<TAB>pairs of a kind per fold", or one number; got "Ann\\t1\\t2"',
  ],
  ['a single fold', '1\t1\nA\t1\t2\nA\t1\tB\t1', 'pairs.txt, line 1: expected at least 2 folds; got 1'],
  [
    'a pair of each kind, which is one fold',
    '1\nA\t1\t2\nA\t1\tB\t1',
    'pairs.txt, line 1: expected at least 2 pairs of a kind, to cut into folds; got 1',
  ],
  [
    'too few pairs',
    TWO_FOLDS.split('\n').slice(0, -1).join('\n'),
    'pairs.txt: its first line promises 4 pairs, 3 lines follow',
  ],
  [
    'spaces in place of tabs',
    TWO_FOLDS.replace('Bob\t1\t2', 'Bob 1 2'),
    `pairs.txt, line 4: ${sameExpected}; got "Bob 1 2"`,
  ],
  [
    'a pair of different people where one of the same is due',
    TWO_FOLDS.replace('Bob\t1\t2', 'Bob\t1\tAnn\t2'),
    `pairs.txt, line 4: ${sameExpected}; got "Bob\\t1\\tAnn\\t2"`,
  ],
  [
    'a number that is none',
    TWO_FOLDS.replace('Bob\t4', 'Bob\tfour'),
    `pairs.txt, line 3: ${differentExpected}; got "Ann_Lee\\t3\\tBob\\tfour"`,
  ],
  [
    'photo 0',
    TWO_FOLDS.replace('Ann_Lee\t1\t12', 'Ann_Lee\t0\t12'),
    `pairs.txt, line 2: ${sameExpected}; got "Ann_Lee\\t0\\t12"`,
  ],
  [
    'a name that leads out of the folder',
    TWO_FOLDS.replace('Ann_Lee\t1\t12', '../Ann\t1\t12'),
    `pairs.txt, line 2: ${sameExpected}; got "../Ann\\t1\\t12"`,
  ],
  [
    'different people of the same name',
    TWO_FOLDS.replace('Ann_Lee\t3\tBob', 'Bob\t3\tBob'),
    'pairs.txt, line 3: expected a pair of different people; both are Bob',
  ],
]

for (const [what, text, message] of WRONG) {
  t.test(`${what}: the error names the line`, async (t) => {
    t.throws(() => parsePairs(text, 'pairs.txt'), { message })
  })
}
