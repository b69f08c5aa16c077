/** Lines of a table: every column but the last padded to its widest cell, two spaces between. */
export function layColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].slice(0, -1).map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}
