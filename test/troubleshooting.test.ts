import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { getSystemErrorMap } from 'node:util'
import t from 'tap'
import { PACKAGE_ROOT } from '../lib/package-root.js'
import { readMarkdown } from './markdown.js'

/** Where texts come from that people get to see. */
const SOURCES = ['cli', 'client', 'lib', 'plugins', 'routes', 'schemas', 'deploy/nginx', 'cli.ts', 'server.ts']

t.test('every entry begins with a text that exists, word by word', async (t) => {
  const { text } = readMarkdown('docs/TROUBLESHOOTING.md')
  const headings = [...text.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading)
  t.ok(headings.length > 30)
  const sources = [...SOURCES.flatMap(filesIn).map((file) => readFileSync(file, 'utf8')), ...systemErrors()]
  for (const heading of headings) {
    const literal = /^`(.*)`$/.exec(heading)?.[1]
    const pieces = literal
      ?.split('…')
      .map((piece) => piece.trim())
      .filter((piece) => piece !== '')
    const found = pieces && sources.some((source) => pieces.every((piece) => source.includes(piece)))
    t.ok(found, heading)
  }
})

function filesIn(name: string): string[] {
  const full = path.join(PACKAGE_ROOT, name)
  if (name.endsWith('.ts')) return [full]
  return readdirSync(full, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|conf)$/.test(file))
    .map((file) => path.join(full, file))
}

/** What Node says when the system refuses to let it listen. */
function systemErrors(): string[] {
  return [...getSystemErrorMap().values()].map(([code, message]) => `listen ${code}: ${message}`)
}
