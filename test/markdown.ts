import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { PACKAGE_ROOT } from '../lib/package-root.js'

/** A text of the project that is written for people. */
export interface MarkdownFile {
  /** Relative to the project. */
  readonly name: string
  readonly text: string
}

const FOLDERS = ['.', 'docs']

export function readMarkdown(name: string): MarkdownFile {
  return { name, text: readFileSync(path.join(PACKAGE_ROOT, name), 'utf8') }
}

export function allMarkdown(): MarkdownFile[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(path.join(PACKAGE_ROOT, folder)).map((name) => path.join(folder, name)),
  )
    .filter((name) => name.endsWith('.md'))
    .map(readMarkdown)
}

/** A fenced block, which may stand within a list. */
export interface CodeBlock {
  /** Where it begins, as `docs/API.md:12`. */
  readonly place: string
  readonly language: string
  /** Without the indentation of the list. */
  readonly code: string
}

const FENCED = /^( *)```(\w*)\n(.*?)^\1```$/gms

export function fencedBlocks({ name, text }: MarkdownFile): CodeBlock[] {
  return [...text.matchAll(FENCED)].map(({ 1: indent, 2: language, 3: code, index }) => ({
    place: `${name}:${text.slice(0, index).split('\n').length}`,
    language,
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
}

/** The contents of the fenced code blocks of a language. */
export function codeBlocks(file: MarkdownFile, language: string): string[] {
  return fencedBlocks(file)
    .filter((block) => block.language === language)
    .map(({ code }) => code)
}

/** Everything that is set as code, in blocks or within a line. */
export function allCode(file: MarkdownFile): string[] {
  const inline = [...file.text.replaceAll(FENCED, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code)
  return [...fencedBlocks(file).map(({ code }) => code), ...inline]
}

/** Where links and pictures lead to. */
export function linkTargets({ text }: MarkdownFile): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target)
}

/** The cells of the table rows whose first cell matches, without the row's ends. */
export function tableRows({ text }: MarkdownFile, first: RegExp): string[][] {
  const rows = [...text.matchAll(/^\|(.*)\|$/gm)].map(([, row]) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  return rows.filter(([cell]) => first.test(cell))
}

/** The anchors that GitHub gives to the headings. */
export function headingAnchors({ text }: MarkdownFile): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
