import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { createFaceEngine } from '../lib/create-face-engine.js'
import { describeSettings } from '../lib/describe-settings.js'
import { PACKAGE_ROOT } from '../lib/package-root.js'
import { Problem } from '../lib/problem.js'
import { writeSamplePhotos } from '../lib/sample-photos.js'
import { readCalibration } from '../lib/verdict.js'
import { PROBLEM_CODES, problemKind } from '../schemas/problem.js'
import { SETTINGS_TABLES } from '../scripts/settings-tables.js'
import { allCode, allMarkdown, codeBlocks, headingAnchors, linkTargets, readMarkdown, tableRows } from './markdown.js'

t.test('every link within the project leads somewhere', async (t) => {
  for (const file of allMarkdown()) {
    for (const target of linkTargets(file).filter((link) => !/^https?:/.test(link))) {
      const [link, anchor] = target.split('#')
      const name = link === '' ? file.name : path.join(path.dirname(file.name), link)
      t.ok(existsSync(path.join(PACKAGE_ROOT, name)), `${file.name}: ${target}`)
      if (anchor) t.ok(headingAnchors(readMarkdown(name)).includes(anchor), `${file.name}: ${target}`)
    }
  }
})

t.test('every npm script and every program that is named exists', async (t) => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8'),
  )
  for (const file of allMarkdown()) {
    const code = allCode(file).join('\n')
    for (const [command, script] of code.matchAll(/\bnpm run ([\w:-]+)/g))
      t.ok(scripts[script], `${file.name}: ${command}`)
    for (const [command, own] of code.matchAll(/\bnpm (start|test)\b/g)) t.ok(scripts[own], `${file.name}: ${command}`)
    for (const [program] of code.matchAll(/\bdist\/[\w./-]+\.js/g)) {
      t.ok(existsSync(path.join(PACKAGE_ROOT, program)), `${file.name}: ${program}`)
    }
  }
})

t.test('the tables of settings are what the schema says', async (t) => {
  for (const { file, withTable } of SETTINGS_TABLES) {
    const { text } = readMarkdown(file)
    t.equal(text, withTable(text), `${file}: npm run docs:settings writes it`)
  }
  const rows = tableRows(readMarkdown('docs/OPERATIONS.md'), /^`[A-Z_]+`$/)
  const names = describeSettings().map(({ name }) => `\`${name}\``)
  t.same(
    rows.map(([name]) => name),
    names,
    'every setting has a row',
  )
  for (const row of rows) t.ok(row.length === 4 && row.every((cell) => cell !== ''), row.join(' | '))
})

t.test('the README gives the error rates of the calibration', async (t) => {
  const { points } = await readCalibration()
  const rows = tableRows(readMarkdown('README.md'), /^0\.\d+$/)
  t.ok(rows.length >= 4)
  for (const [threshold, falseMatch, falseNonMatch] of rows) {
    const point = points.find((known) => known.threshold === Number(threshold))
    t.equal(falseMatch, point && `1 in ${(1 / point.false_match_rate).toLocaleString('en')}`)
    t.equal(falseNonMatch, point && `${(100 * point.false_non_match_rate).toFixed(1)} %`)
  }
})

t.test('docs/API.md lists every error with its status', async (t) => {
  const listed = tableRows(readMarkdown('docs/API.md'), /^\d{3}$/).map(([status, code]) => `${status} ${code}`)
  t.same(
    listed,
    PROBLEM_CODES.map((code) => `${problemKind(code).status} \`${code}\``),
  )
})

t.test('the replies that are shown are the reply', async (t) => {
  const folder = t.testdir()
  const { reference, samePerson } = await writeSamplePhotos(folder)
  const engine = await createFaceEngine({ runtime: 'onnx' })
  t.teardown(() => engine.close())
  const actual = await engine.compare(reference, samePerson)
  const { reference_image, live_image, ...beginning } = actual
  for (const [file, expected] of [
    ['README.md', beginning],
    ['docs/API.md', actual],
  ] as const) {
    const shown: typeof actual = JSON.parse(codeBlocks(readMarkdown(file), 'json')[0])
    t.same(keysOf(shown), keysOf(expected), `${file}: the same keys in the same order`)
    t.equal(shown.identical, actual.identical)
    t.equal(shown.threshold, actual.threshold)
    // Another processor may round otherwise.
    t.ok(Math.abs(shown.distance - actual.distance) < 0.01, `${shown.distance} and ${actual.distance}`)
  }
})

t.test('the error in docs/API.md is the error', async (t) => {
  const engine = await createFaceEngine({ runtime: 'onnx' })
  t.teardown(() => engine.close())
  const { reference } = await writeSamplePhotos(t.testdir())
  const wall = path.join(path.dirname(reference), 'wall.png')
  await sharp({ create: { width: 300, height: 300, channels: 3, background: 'grey' } }).toFile(wall)
  const error = await engine.compare(reference, wall).catch((refusal) => refusal)
  const [, shown] = codeBlocks(readMarkdown('docs/API.md'), 'json')
  t.same(JSON.parse(shown), new Problem(error.code, error.message, error).toJSON())
})

/** The names of all properties, as deep as they go. */
function keysOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.entries(value).map(([key, inner]) => [key, keysOf(inner)])
}
