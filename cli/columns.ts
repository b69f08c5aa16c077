import { stripVTControlCharacters } from 'node:util'
import type { CommandOption } from './command.js'

/** Lines of a table: every column but the last padded to its widest cell, two spaces between. Colours take no room. */
export function layColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].slice(0, -1).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]))))
  const pad = (cell: string, column: number) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)))
  return rows.map((row) => row.map(pad).join('  ')).join('\n')
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length
}

/** The options of a command as its help lists them, `--help` last. */
export function layOptions(options: Readonly<Record<string, CommandOption>>): string {
  const rows = Object.entries(options).flatMap(([name, { value, help }]) => {
    const [first, ...more] = help.split('\n')
    return [[`  --${name}${value === undefined ? '' : ` ${value}`}`, first], ...more.map((line) => ['', line])]
  })
  return layColumns([...rows, ['  --help', 'print this']])
}
