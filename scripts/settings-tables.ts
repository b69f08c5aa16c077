import { describeSettings, type SettingDescription } from '../lib/describe-settings.js'

const BETWEEN = /(<!-- settings: [^\n]*-->\n).*?(<!-- \/settings -->)/s

/** A text that has a table of settings in it. */
interface SettingsTable {
  /** Relative to the project. */
  readonly file: string
  /**
   * The same text with the table as it has to be.
   * @throws Error when the text has no place for it
   */
  withTable(text: string): string
}

/** The README has the settings that most people set, docs/OPERATIONS.md has all, and what each accepts. */
export const SETTINGS_TABLES: readonly SettingsTable[] = [
  { file: 'README.md', withTable: (text) => replaceTable(text, shortTable()) },
  { file: 'docs/OPERATIONS.md', withTable: (text) => replaceTable(text, fullTable()) },
]

function replaceTable(text: string, table: string): string {
  if (!BETWEEN.test(text)) throw new Error('no place for the settings: <!-- settings: ... --> and <!-- /settings -->')
  return text.replace(BETWEEN, (_found, start, end) => `${start}${table}\n${end}`)
}

function shortTable(): string {
  const rows = describeSettings().filter(({ common }) => common)
  return asTable(
    ['variable', 'default', 'what'],
    rows.map((setting) => [code(setting.name), defaultOf(setting), setting.description]),
  )
}

function fullTable(): string {
  return asTable(
    ['variable', 'default', 'what', 'accepts'],
    describeSettings().map((setting) => [
      code(setting.name),
      defaultOf(setting),
      setting.description,
      setting.choices?.map(code).join(', ') ?? setting.accepts,
    ]),
  )
}

function defaultOf({ value, byDefault }: SettingDescription): string {
  return byDefault ?? code(String(value))
}

function code(text: string): string {
  return `\`${text}\``
}

function asTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

function escapeCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`)
}
