import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { compareHere } from '../../cli/compare/compare-here.js'
import { usableCpus } from '../../lib/pool/usable-cpus.js'
import { writeSamplePhotos } from '../../lib/sample-photos.js'
import type { Comparison } from '../../schemas/compare.js'
import type { ProblemDetails } from '../../schemas/problem.js'
import { startComparingService } from './comparing-service.js'
import { runCli } from './run-cli.js'

t.setTimeout(240_000)
const server = ['--server', await startComparingService(t)]
const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-test-'))
t.teardown(() => rm(folder, { recursive: true }))
const { reference, samePerson, otherPerson } = await writeSamplePhotos(folder)
const notes = path.join(folder, 'notes.txt')
await writeFile(notes, 'These are not pixels.')
await mkdir(path.join(folder, 'below'))
const below = path.join(folder, 'below', 'copy.jpg')
await copyFile(samePerson, below)

t.test('a folder: a table from the nearest photo on, without the reference and what is no photo', async (t) => {
  const { code, stdout, stderr } = await runCli(['compare', reference, folder])
  t.equal(code, 0, stderr)
  const [head, first, second, empty, sum] = stdout.split('\n')
  t.match(head, /^distance {2}photo +verdict$/)
  t.match(first, new RegExp(`^0\\.\\d{4} +${samePerson} +Same person, a copy of the reference$`))
  t.match(second, new RegExp(`^0\\.\\d{4} +${otherPerson} +Two different people$`))
  t.equal(empty, '')
  t.match(sum, `1 of 2 shows the person of ${reference}. The threshold is 0.`)
})

t.test('copies of the reference are told in the table, where they are refused as well', async (t) => {
  const copy = await runCli(['compare', reference, reference, otherPerson, ...server])
  t.equal(copy.code, 0, copy.stderr)
  t.match(copy.stdout, new RegExp(`^0\\.0000 +${reference} +Same person, a copy of the reference$`, 'm'))
  t.match(copy.stdout, new RegExp(`${otherPerson} +Two different people$`, 'm'))
  t.match(copy.stdout, /\. The threshold is 0\.\d+\.\n\nA copy of the reference proves nothing about who sent it\.\n$/)
  const refused = await runCli(['compare', reference, reference, otherPerson], { FACEMETRIC_SAME_PHOTO: 'refuse' })
  t.equal(refused.code, 1)
  t.match(refused.stdout, new RegExp(`${reference} +Refused, the photos are copies of each other$`, 'm'))
  const others = await runCli(['compare', reference, otherPerson, otherPerson, ...server])
  t.notMatch(others.stdout, /copy|copies/)
})

t.test(
  'files and patterns with --json: a line for each photo, in their order, as the service would reply',
  async (t) => {
    const pattern = path.join(folder, 'below', '*.jpg')
    const { code, stdout } = await runCli(['compare', reference, otherPerson, pattern, notes, '--json', ...server])
    t.equal(code, 0, 'one is the person')
    const lines: ({ photo: string } & Partial<Comparison & ProblemDetails>)[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    t.match(lines, [
      { photo: otherPerson, identical: false, live_image: { width: 460 } },
      { photo: below, identical: true, live_image: { width: 300 } },
      { photo: notes, status: 415, code: 'unsupported_image_format', field: 'live_image' },
    ])
    const pair: Comparison = JSON.parse((await runCli(['compare', reference, below, '--json', ...server])).stdout)
    t.ok(Math.abs(pair.distance - lines[1].distance!) < 0.001, 'the same as for the pair alone')
  },
)

t.test('none shows the person: exit code 1; or 2 where that cannot be said of all', async (t) => {
  const pattern = path.join(folder, 'oth*.jpg')
  t.equal((await runCli(['compare', reference, pattern, ...server])).code, 1)
  const { code, stdout } = await runCli(['compare', reference, otherPerson, notes, ...server])
  t.equal(code, 2)
  t.match(stdout, new RegExp(`^- +${notes} +The file is not an image`, 'm'))
  t.match(stdout, /0 of 2 show the person of .* 1 could not be compared\.\n$/)
})

t.test('what names no photo, or a reference that is none, is an error', async (t) => {
  const wrong: [string[], RegExp][] = [
    [[reference, path.join(folder, '*.tiff')], /no photo matches '.*\*\.tiff'/],
    [
      [samePerson, path.join(folder, 'below'), path.join(folder, 'absent')],
      /cannot read .*absent: there is no such file/,
    ],
    [[below, path.join(folder, 'below')], /there is no photo in the folder .*below/],
    [[reference, folder, '--annotate', 'out.jpg'], /--annotate draws one pair/],
    [[notes, folder], /notes\.txt: The file is not an image/],
  ]
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await runCli(['compare', ...args, ...server])
    t.same({ code, stdout }, { code: 2, stdout: '' }, args.join(' '))
    t.match(stderr, message)
  }
})

const oneCpu = usableCpus() < 2 && 'there is one CPU here'
t.test('many photos are described by several processes, with the same answers', { skip: oneCpu }, async (t) => {
  const comparer = await compareHere(reference, { faces: 'largest' }, { runtime: 'onnx' }, 100)
  t.teardown(() => comparer.close())
  t.equal(comparer.atATime, 4)
  const [same, other, refused] = await Promise.allSettled([samePerson, otherPerson, notes].map(comparer.compare))
  t.match(same, { value: { identical: true, live_image: { width: 300 } } })
  t.match(other, { value: { identical: false, live_image: { width: 460 } } })
  t.match(refused, { reason: { name: 'Refusal', problem: { status: 415, field: 'live_image' } } })
})
