import t from 'tap'
import { Progress } from '../../bench/progress.js'

function run(isTTY: boolean, items: number): string {
  let written = ''
  const write = (text: string) => {
    written += text
    return true
  }
  const progress = new Progress(items, 'photo', { isTTY, write })
  for (let i = 0; i < items; i++) progress.step()
  progress.clear()
  return written
}

t.test('in a log: one line every tenth of the way, and no control characters', async (t) => {
  const lines = run(false, 200).split('\n').slice(0, -1)
  t.strictSame(
    lines.map((line) => Number.parseInt(line, 10)),
    [10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
  )
  t.match(lines[0], /^ 10 % {2}20 of 200 photos {2}\d+\.\d ms a photo {2}0:\d\d left$/)
  t.notOk(lines.some((line) => line.includes('\r') || line.includes('\u001b')))
})

t.test('on a terminal: one line that is redrawn, and gone in the end', async (t) => {
  const written = run(true, 3)
  t.notOk(written.includes('\n'))
  t.ok(written.endsWith('\r\u001b[K'))
  t.match(written, '1 of 3 photos')
})
