import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { facePhoto, REAL_FACES } from '../real-faces.js'
import { runBench } from './command-line.js'

t.setTimeout(180_000)

/** A set in LFW's form: two photos of each of four people, in two folds. */
const folder = t.testdir()
const people = REAL_FACES.slice(0, 4).map((face) => ({ face, name: `Person_${face.photo}` }))
for (const { face, name } of people) {
  await mkdir(path.join(folder, name))
  for (const [i, zoom] of [2, 2.6].entries()) {
    const photo = (await facePhoto(face, zoom)).resize(250, 250)
    await photo.jpeg({ quality: 90 - 20 * i }).toFile(path.join(folder, name, `${name}_000${i + 1}.jpg`))
  }
}
const foldOf = ([p, q]: readonly { name: string }[]) => [
  `${p.name}\t1\t2`,
  `${q.name}\t1\t2`,
  `${p.name}\t1\t${q.name}\t2`,
  `${p.name}\t2\t${q.name}\t1`,
]
const pairs = path.join(folder, 'pairs.txt')
await writeFile(pairs, `${['2\t2', ...foldOf(people.slice(0, 2)), ...foldOf(people.slice(2))].join('\n')}\n`)
const options = ['--images', folder, '--pairs', pairs, '--runtime', 'onnx', '--quick']

t.test('the suite of quality: how well it predicts rejections, and two plots', async (t) => {
  const out = t.testdir()
  const { code, stdout, stderr } = await runBench('evaluate.js', ['quality', ...options, '--out', out])
  t.equal(code, 0, stderr)
  t.match(stdout, /^as they are +8 +0 /m)
  t.match(stdout, /^fitted anew: (-?\d+\.\d\d(, )?){10}$/m)
  for (const plot of ['estimate', 'error-reject']) {
    t.match(await readFile(path.join(out, `quality-${plot}.svg`), 'utf8'), /^<svg /)
  }
})

t.test('the suite of variants: what each would give and cost, and a plot', async (t) => {
  const out = t.testdir()
  const { code, stdout, stderr } = await runBench('evaluate.js', ['variants', ...options, '--out', out])
  t.equal(code, 0, stderr)
  t.match(stdout, /8 photos, 0 without a face$/m)
  for (const [row, chips] of [
    ['one chip', 1],
    ['chip and mirror image', 2],
    ['paddings 0.20, 0.25, 0.30', 6],
  ]) {
    t.match(stdout, new RegExp(`^${row} +${chips} +100.00 % ± 0.00 % +0.00 % +1.000 +1.000 +\\d+\\.\\d$`, 'm'))
  }
  t.match(await readFile(path.join(out, 'variants-error-rates.svg'), 'utf8'), /^<svg /)
})

t.test('all presets at once: what each makes of the same photos', async (t) => {
  const { code, stdout, stderr } = await runBench('evaluate.js', ['quality', ...options, '--preset', 'all', '--json'])
  t.equal(code, 0, stderr)
  const weights = { fastest: 8, fast: 9, accurate: 9 }
  const told = JSON.parse(stdout)
  t.strictSame(Object.keys(told), Object.keys(weights))
  for (const [preset, count] of Object.entries(weights)) t.equal(told[preset].fitted_anew.weights.length, count)
})

t.test('the suite of copies: all are recognised, also those a pair of the list is made of', async (t) => {
  const out = t.testdir()
  const { code, stdout, stderr } = await runBench('evaluate.js', ['same-photo', ...options, '--out', out])
  t.equal(code, 0, stderr)
  for (const kind of ['re-encoded', 'mirrored', 'all of these']) t.match(stdout, new RegExp(`^${kind} +4 of 4 `, 'm'))
  t.match(stdout, /^pairs of one person {2}2, of which 2 are taken for copies$/m)
  t.match(await readFile(path.join(out, 'same-photo-likeness.svg'), 'utf8'), /^<svg /)
})

t.test('the suite of poor pairs: how often strangers match, and what shared flaws count for', async (t) => {
  const { code, stdout, stderr } = await runBench('evaluate.js', ['poor-pairs', ...options])
  t.equal(code, 0, stderr)
  t.match(stdout, /^noisy, 50 of 255 +\d+\.\d % +\S+ \/ /m)
  t.match(stdout, /^each in another way +\S+ \/ /m)
  t.match(stdout, /^fitted anew: unclear [\d.]+, noisy [\d.]+, blurred [\d.]+, too_bright [\d.]+$/m)
})

for (const [suite, rows, plots] of [
  [
    'angles',
    [/^turned +0 +100.0 % +100.0 % /m, /^turned +180 +100.0 % +100.0 % /m, /^on average over all turned: 1.000$/m],
    ['accepted'],
  ],
  [
    'sizes',
    [/^small-photo +226 +100.0 % +100.0 % /m, /^in-12-megapixels +1280 +100.0 % /m, /^two-people +0.8 +100.0 % /m],
    ['small-photo', 'in-640x480', 'in-12-megapixels', 'cropped', 'cut-off', 'two-people'],
  ],
  ['conditions', [/^jpeg +10 +100.0 % /m, /^light +0.03 +100.0 % +100.0 % /m], ['jpeg', 'blur', 'light']],
] as const) {
  t.test(`the suite of ${suite}: shares found and accepted, and plots`, async (t) => {
    const out = t.testdir()
    const { code, stdout, stderr } = await runBench('evaluate.js', [suite, ...options, '--out', out])
    t.equal(code, 0, stderr)
    for (const row of rows) t.match(stdout, row)
    for (const plot of plots) t.match(await readFile(path.join(out, `${suite}-${plot}.svg`), 'utf8'), /^<svg /)
  })
}
