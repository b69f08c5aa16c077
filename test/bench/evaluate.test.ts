import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { EVALUATE_USAGE, parseEvaluateOptions } from '../../bench/evaluate-options.js'
import { parsePairs, photoStem } from '../../bench/lfw-pairs.js'
import { CALIBRATION_FILE } from '../../lib/verdict.js'
import { facePhoto, REAL_FACES } from '../real-faces.js'
import { runBench } from './command-line.js'

/** Photos of one person: near, farther away and off centre, and a small one of poor quality. */
const VERSIONS = [
  { zoom: 2, side: 250, quality: 90 },
  { zoom: 2.6, side: 320, quality: 80 },
  { zoom: 1.8, side: 160, quality: 60 },
]
const NAMES = REAL_FACES.map(({ photo }) => `Person_${photo}`)

/** A set in LFW's form: six people of three photos each, in two folds. */
async function writeSet(folder: string): Promise<{ images: string; pairs: string }> {
  for (const [i, face] of REAL_FACES.entries()) {
    await mkdir(path.join(folder, NAMES[i]))
    for (const [j, { zoom, side, quality }] of VERSIONS.entries()) {
      const photo = await facePhoto(face, zoom)
      const file = path.join(folder, NAMES[i], `${NAMES[i]}_000${j + 1}.jpg`)
      await photo.resize(side, side).jpeg({ quality }).toFile(file)
    }
  }
  const half = NAMES.length / 2
  const foldOf = (names: readonly string[]) => [
    ...names.flatMap((name) => [`${name}\t1\t2`, `${name}\t1\t3`]),
    ...names.flatMap((name, i) => [
      `${name}\t1\t${names[(i + 1) % half]}\t2`,
      `${name}\t3\t${names[(i + 2) % half]}\t3`,
    ]),
  ]
  const lines = ['2\t6', ...foldOf(NAMES.slice(0, half)), ...foldOf(NAMES.slice(half))]
  const pairs = path.join(folder, 'pairs.txt')
  await writeFile(pairs, `${lines.join('\n')}\n`)
  return { images: folder, pairs }
}

t.setTimeout(180_000)
const folder = t.testdir()
const set = await writeSet(folder)
const both = ['--images', set.images, '--pairs', set.pairs, '--runtime', 'onnx']

t.test('a set of real faces: every error rate, for people', async (t) => {
  const { code, stdout, stderr } = await runBench('evaluate.js', both)
  t.equal(code, 0, stderr)
  for (const row of [
    /^engine +onnx \(onnxruntime-node/m,
    /^photos +18, \d+\.\d ms an image$/m,
    /^photos with no face +0$/m,
    /^accuracy +100\.000 % ± 0\.000 % \(2 folds\)$/m,
    /^equal error rate +0\.000 %$/m,
    /^true accepts at FAR 0\.01 +100\.000 % \(threshold 0\.\d{4}\)$/m,
    /^true accepts at FAR 0\.001 +too few photos to tell$/m,
    /^ {2}false matches +0 of 12 listed pairs$/m,
    /^ +0\.000 % of 135 combinations$/m,
    /^ {2}false non-matches +0 of 12 listed pairs$/m,
  ]) {
    t.match(stdout, row)
  }
  t.match(stderr, /100 % {2}18 of 18 photos/)
})

t.test('for machines: a photo without a face and one that breaks off are told, and count as different', async (t) => {
  const images = t.testdir({ A: {}, B: {} })
  const good = await readFile(path.join(set.images, NAMES[0], `${NAMES[0]}_0001.jpg`))
  await writeFile(path.join(images, 'A', 'A_0001.jpg'), good)
  await sharp({ create: { width: 250, height: 250, channels: 3, background: '#7a8b9c' } })
    .png()
    .toFile(path.join(images, 'A', 'A_0002.png'))
  await writeFile(path.join(images, 'B', 'B_0001.jpg'), good.subarray(0, good.length / 2))
  await writeFile(path.join(images, 'B', 'B_0002.jpg'), good)
  const pairs = path.join(images, 'pairs.txt')
  await writeFile(pairs, '2\t1\nA\t1\t2\nA\t1\tB\t1\nB\t1\t2\nA\t2\tB\t2\n')
  const args = ['--images', images, '--pairs', pairs, '--runtime', 'onnx', '--processes', '2', '--json']
  const { code, stdout, stderr } = await runBench('evaluate.js', args)
  t.equal(code, 0, stderr)
  const report = JSON.parse(stdout)
  t.match(report, {
    engine: 'onnx',
    photos: 4,
    folds: 2,
    genuine_pairs: 2,
    impostor_pairs: 2,
    impostor_combinations: 1,
  })
  t.ok(report.milliseconds_per_photo > 1)
  t.strictSame(report.photos_without_face, ['A/A_0002'])
  t.strictSame(report.unusable_photos, [{ photo: 'B/B_0001', reason: 'damaged_image' }])
  t.strictSame(report.at_service_threshold.false_non_matches, [
    { first: 'A/A_0001', second: 'A/A_0002', distance: null },
    { first: 'B/B_0001', second: 'B/B_0002', distance: null },
  ])
  t.strictSame(report.accuracy, { mean: 0.5, standardError: 0 })
  t.strictSame(report.true_accept_rates[0], { false_accept_rate: 1e-2, threshold: null, true_accept_rate: null })
})

t.test('a suite can be named, its result is kept in a folder, and a quick look takes the first pairs', async (t) => {
  const out = path.join(t.testdir(), 'made', 'for it')
  const { code, stdout, stderr } = await runBench('evaluate.js', ['lfw', ...both, '--quick', '--json', '--out', out])
  t.equal(code, 0, stderr)
  t.equal(await readFile(path.join(out, 'lfw.json'), 'utf8'), stdout)
  t.match(JSON.parse(stdout), { photos: 18, genuine_pairs: 12 })
})

t.test('all presets are measured on the photos as they were found once, each by its own threshold', async (t) => {
  const { code, stdout, stderr } = await runBench('evaluate.js', [...both, '--quick', '--preset', 'all'])
  t.equal(code, 0, stderr)
  t.strictSame(
    stdout.match(/^(preset|engine) +\w+/gm)?.map((line) => line.split(/ +/)[1]),
    ['fastest', 'onnx', 'fast', 'onnx', 'accurate', 'onnx'],
  )
  t.match(stderr, /100 % {2}18 of 18 photos/)
})

t.test('Ctrl-C ends it and its processes at once, without a stack trace', async (t) => {
  let interrupted = false
  const { code, stdout, stderr } = await runBench('evaluate.js', both, (text, interrupt) => {
    // Once: a second one ends it without more ado.
    if (interrupted || !text.includes(' photos ')) return
    interrupted = true
    interrupt()
  })
  t.equal(code, 130)
  t.equal(stdout, '')
  t.notMatch(stderr, /100 %|Error|at /)
})

t.test('a set too small to calibrate with is refused, and the calibration stays as it was', async (t) => {
  const before = await readFile(CALIBRATION_FILE, 'utf8')
  const { code, stderr } = await runBench('evaluate.js', [...both, '--calibrate', '--processes', '2'])
  t.equal(code, 1)
  t.match(stderr, 'calibration needs 30000 combinations of photos of different people; this set has 135')
  t.equal(await readFile(CALIBRATION_FILE, 'utf8'), before)
})

t.test('what is wrong with the set is said in one line', async (t) => {
  const twisted = path.join(folder, 'twisted.txt')
  await writeFile(twisted, '2\t1\nA\t1\t2\nA\t1\tB\tx\nB\t1\t2\nA\t2\tB\t2\n')
  const outcome = await runBench('evaluate.js', ['--images', folder, '--pairs', twisted])
  const expected = 'expected a pair of different people, "name<TAB>number<TAB>name<TAB>number"; got "A\\t1\\tB\\tx"'
  t.strictSame(outcome, { code: 1, stdout: '', stderr: `${twisted}, line 3: ${expected}\n` })
})

t.test('a file that makes one fold is refused before any photo is looked at', async (t) => {
  const [name, other] = NAMES
  for (const [file, head, expected] of [
    ['one-pair.txt', '1', 'expected at least 2 pairs of a kind, to cut into folds; got 1'],
    ['one-fold.txt', '1\t1', 'expected at least 2 folds; got 1'],
  ]) {
    const pairs = path.join(folder, file)
    await writeFile(pairs, `${head}\n${name}\t1\t2\n${name}\t1\t${other}\t2\n`)
    const outcome = await runBench('evaluate.js', ['--images', set.images, '--pairs', pairs])
    t.strictSame(outcome, { code: 1, stdout: '', stderr: `${pairs}, line 1: ${expected}\n` })
  }
})

t.test('a wrong option is named, with the usage', async (t) => {
  const { code, stdout, stderr } = await runBench('evaluate.js', ['--images', folder])
  t.strictSame({ code, stdout }, { code: 2, stdout: '' })
  t.equal(stderr, `--pairs FILE is needed\n\n${EVALUATE_USAGE}`)
  for (const [args, expected] of [
    [[], '--images DIR is needed'],
    [[...both, '--processes', '0'], '--processes takes a whole number from 1 on; got 0'],
    [[...both, '--runtime', 'cuda'], "--runtime takes one of auto, tensorflow, onnx, wasm, face-api; got 'cuda'"],
    [[...both, '--calibrate', '--limit', '5'], '--calibrate takes the whole set, without --limit'],
    [['sizes', ...both, '--preset', 'all'], '--preset all is for the suites lfw, quality'],
    [['ears', ...both], /^there is no suite 'ears'; there are: lfw, /],
  ] as const) {
    t.throws(() => parseEvaluateOptions(args), { name: 'UsageError', message: expected })
  }
  t.throws(() => parseEvaluateOptions([...both, '--colour']), {
    name: 'UsageError',
    message: /unknown option '--colour'/,
  })
})

t.test('--help explains, with a list of pairs that can be read as it says, and does nothing else', async (t) => {
  const { code, stdout, stderr } = await runBench('evaluate.js', ['--help'])
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  t.match(stdout, /^Usage: npm run evaluate/)
  const [head, same, different] = [...stdout.matchAll(/^ {2}(\S+<TAB>\S+)/gm)].map(([, line]) => line)
  t.equal(head, '10<TAB>300')
  const text = ['2<TAB>1', same, different, same, different].join('\n').replaceAll('<TAB>', '\t')
  const { pairs, folds } = parsePairs(text, 'pairs.txt')
  t.equal(folds, 2)
  for (const { first, second } of pairs) for (const photo of [first, second]) t.match(stdout, photoStem(photo))
})
