import sharp from 'sharp'
import t from 'tap'
import { makeScale } from '../../bench/plot/axis.js'
import { countInBins, histogram } from '../../bench/plot/histogram.js'
import { type LineChart, lineChart } from '../../bench/plot/line-chart.js'

const chart: LineChart = {
  title: 'Errors & rates <1 %',
  description: 'The one falls as the other rises.',
  x: { label: 'false match rate', scale: 'log' },
  y: { label: 'false non-match rate', from: 0, to: 0.5, format: (share) => `${share * 100} %` },
  marks: [{ at: 1e-3, label: 'default' }],
  series: [
    {
      name: 'fast',
      points: [
        [1e-4, 0.25],
        [1e-2, 0.05],
      ],
    },
    { name: 'accurate', points: [[1e-4, 0.2]] },
  ],
}

/** The red, green and blue of a pixel of the rendered document. */
async function pixel(svg: string, left: number, top: number): Promise<number[]> {
  const { data } = await sharp(Buffer.from(svg))
    .extract({ left: Math.round(left), top: Math.round(top), width: 1, height: 1 })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return [...data]
}

t.test('a line chart can be read aloud, and names every series and axis', async (t) => {
  const svg = lineChart(chart)
  t.match(svg, '<title id="title">Errors &amp; rates &lt;1 %</title>')
  t.match(svg, '<desc id="desc">The one falls as the other rises.</desc>')
  for (const text of ['fast', 'accurate', 'false match rate', 'false non-match rate', 'default', '0.001', '40 %']) {
    t.match(svg, new RegExp(`<text [^>]*>${text}</text>`))
  }
  t.match(svg, '@media (prefers-color-scheme: dark)')
})

t.test('a line goes where its points are, on a logarithmic axis too', async (t) => {
  const [, from, to] = /class="c0 line" d="M(\S+) \S+L(\S+) \S+"/.exec(lineChart({ ...chart, marks: [] })) ?? []
  // The axis reaches from 1e-4 to 1e-2: its two ends.
  t.strictSame([Number(from), Number(to)], [72, 696])
  const flat = lineChart({
    ...chart,
    series: [{ name: 'flat', points: [[1e-4, 0.25] as const, [1e-2, 0.25] as const] }],
  })
  const [, y] = /d="M\S+ (\S+)L/.exec(flat) ?? []
  const [red, , blue] = await pixel(flat, 300, Number(y))
  t.ok(blue > red + 50, `the line is blue: ${red} red, ${blue} blue`)
})

t.test('histograms show shares, so that few pairs stand beside many', async (t) => {
  const svg = histogram({
    title: 'Distances',
    description: 'Two heaps.',
    x: { label: 'distance', from: 0, to: 1 },
    y: { label: 'share' },
    series: [
      { name: 'same', counts: [3, 1] },
      { name: 'different', counts: [1000, 3000] },
    ],
  })
  const heights = [...svg.matchAll(/area" d="M\S+ \S+V(\S+)H\S+V(\S+)H/g)].map(([, first, second]) => [first, second])
  t.equal(heights.length, 2)
  t.strictSame(heights[0], heights[1].toReversed())
})

t.test('values beyond the ends of a histogram are counted at its ends', async (t) => {
  t.strictSame([...countInBins([-1, 0, 0.49, 0.5, 1, 7], 0, 1, 2)], [3, 3])
})

t.test('ticks are round numbers', async (t) => {
  t.strictSame(makeScale({ label: 'x' }, [0.02, 0.58]).ticks, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
  t.strictSame(makeScale({ label: 'x', from: 0, to: 345 }, []).ticks, [0, 100, 200, 300])
  t.strictSame(makeScale({ label: 'x', scale: 'log' }, [2e-6, 0.9]).ticks, [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1])
  t.strictSame(makeScale({ label: 'x', scale: 'log', from: 24, to: 600 }, []).ticks, [50, 100, 200, 500])
})

t.test('what cannot be shown is refused', async (t) => {
  t.throws(() => makeScale({ label: 'rate', scale: 'log' }, [0, 1]), { message: /"rate" cannot show 0/ })
  t.throws(() => lineChart({ ...chart, y: { label: 'y' }, series: [] }), RangeError)
})
