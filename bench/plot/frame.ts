import type { Axis, Scale } from './axis.js'

/** What every plot has. */
export interface Plot {
  readonly title: string
  /** What the plot shows, for those who cannot see it: read aloud, and shown nowhere. */
  readonly description: string
  readonly x: Axis
  readonly y: Axis
  /** Vertical lines, such as a threshold. */
  readonly marks?: readonly { readonly at: number; readonly label: string }[]
}

export const WIDTH = 720
const HEIGHT = 440
export const LEFT = 72
export const RIGHT = WIDTH - 24
const BOTTOM = HEIGHT - 60
const LEGEND_TOP = 58
const LEGEND_LINE = 20
/** Width of a letter in the legend, on average and generously: fonts differ. */
const LETTER = 7.5
const SWATCH = 28

/** Colours that those who see few colours can tell apart (Okabe and Ito, 2008), darker on light, lighter on dark. */
const STYLE = `
    .paper { fill: #fff } text { font: 13px system-ui, sans-serif; fill: #24292f } .title { font-size: 16px; font-weight: 600 }
    .grid { stroke: #d0d7de; stroke-width: 1 } .mark { stroke: #57606a; stroke-width: 1.5; stroke-dasharray: 2 4 }
    .c0 { color: #0072b2 } .c1 { color: #c04e00 } .c2 { color: #00795a } .c3 { color: #a8478a } .c4 { color: #8a6d00 } .c5 { color: #57606a }
    .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round }
    .area { fill: currentColor; fill-opacity: 0.25; stroke: currentColor; stroke-width: 1.5 }
    .c1.line { stroke-dasharray: 8 3 } .c2.line { stroke-dasharray: 2 3 } .c3.line { stroke-dasharray: 8 3 2 3 }
    .c4.line { stroke-dasharray: 14 4 } .c5.line { stroke-dasharray: 4 4 }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1117 } text { fill: #e6edf3 } .grid { stroke: #30363d } .mark { stroke: #9198a1 }
      .c0 { color: #56b4e9 } .c1 { color: #ff9b52 } .c2 { color: #3fd6a7 } .c3 { color: #e59bcb } .c4 { color: #f0e442 } .c5 { color: #9198a1 }
    }`
const COLOURS = 6

/** The class of the nth series: its colour, and its dashes where it is a line. */
export function seriesClass(index: number, kind: 'line' | 'area'): string {
  return `c${index % COLOURS} ${kind}`
}

/**
 * An SVG document: title, legend, axes with ticks, and what `draw` puts between them.
 * @param draw is given where values lie, in units of the document
 */
export function frame(
  plot: Plot,
  scales: { readonly x: Scale; readonly y: Scale },
  legend: readonly { readonly name: string; readonly kind: 'line' | 'area' }[],
  draw: (toX: (value: number) => number, toY: (value: number) => number) => string[],
): string {
  const { rows, height } = layLegend(legend)
  const top = LEGEND_TOP + height
  const toX = (value: number) => round(LEFT + scales.x.place(value) * (RIGHT - LEFT))
  const toY = (value: number) => round(BOTTOM - scales.y.place(value) * (BOTTOM - top))
  const xTicks = scales.x.ticks.flatMap((tick) => [
    `<line class="grid" x1="${toX(tick)}" y1="${top}" x2="${toX(tick)}" y2="${BOTTOM}"/>`,
    `<text x="${toX(tick)}" y="${BOTTOM + 18}" text-anchor="middle">${escapeXml(scales.x.format(tick))}</text>`,
  ])
  const yTicks = scales.y.ticks.flatMap((tick) => [
    `<line class="grid" x1="${LEFT}" y1="${toY(tick)}" x2="${RIGHT}" y2="${toY(tick)}"/>`,
    `<text x="${LEFT - 8}" y="${toY(tick) + 4}" text-anchor="end">${escapeXml(scales.y.format(tick))}</text>`,
  ])
  const marks = (plot.marks ?? []).flatMap(({ at, label }) => [
    `<line class="mark" x1="${toX(at)}" y1="${top}" x2="${toX(at)}" y2="${BOTTOM}"/>`,
    `<text x="${toX(at) + 5}" y="${top + 14}">${escapeXml(label)}</text>`,
  ])
  const middle = (top + BOTTOM) / 2
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapeXml(plot.title)}</title>`,
    `<desc id="desc">${escapeXml(plot.description)}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="title" x="${LEFT}" y="32">${escapeXml(plot.title)}</text>`,
    ...rows,
    ...xTicks,
    ...yTicks,
    ...draw(toX, toY),
    ...marks,
    `<text x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 16}" text-anchor="middle">${escapeXml(plot.x.label)}</text>`,
    `<text x="20" y="${middle}" text-anchor="middle" transform="rotate(-90 20 ${middle})">${escapeXml(plot.y.label)}</text>`,
    '</svg>',
  ].join('\n')}\n`
}

/** Names beside samples of their lines, in as many rows as they need; one series alone needs none. */
function layLegend(entries: readonly { readonly name: string; readonly kind: 'line' | 'area' }[]) {
  if (entries.length < 2) return { rows: [], height: 0 }
  let [x, y] = [LEFT, LEGEND_TOP]
  const rows = entries.flatMap(({ name, kind }, i) => {
    const width = SWATCH + 8 + name.length * LETTER + 16
    if (x > LEFT && x + width > RIGHT) [x, y] = [LEFT, y + LEGEND_LINE]
    const sample = `M${x} ${y - 4}h${SWATCH}${kind === 'area' ? 'v-8h-28z' : ''}`
    const row = [
      `<path class="${seriesClass(i, kind)}" d="${sample}"/>`,
      `<text x="${x + SWATCH + 8}" y="${y}">${escapeXml(name)}</text>`,
    ]
    x += width
    return row
  })
  return { rows, height: y - LEGEND_TOP + LEGEND_LINE / 2 }
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
