/** Writes the tables of settings into the documentation, from the schema (lib/config-schema.ts). */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { PACKAGE_ROOT } from '../lib/package-root.js'
import { SETTINGS_TABLES } from './settings-tables.js'

for (const { file, withTable } of SETTINGS_TABLES) {
  const target = path.join(PACKAGE_ROOT, file)
  const text = readFileSync(target, 'utf8')
  const current = withTable(text)
  if (current !== text) writeFileSync(target, current)
  console.log(`${file}: ${current === text ? 'is current' : 'written'}`)
}
