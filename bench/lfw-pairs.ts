import { readFile } from 'node:fs/promises'

/** A photo of a pairs file: the person's name, which is also the folder's, and the number of the photo. */
export interface PhotoId {
  readonly person: string
  readonly number: number
}

/** Two photos to compare, and whether they show the same person. */
export interface Pair {
  readonly first: PhotoId
  readonly second: PhotoId
  readonly same: boolean
  /** Which part of the file it belongs to, from 0. */
  readonly fold: number
}

export interface PairList {
  readonly pairs: readonly Pair[]
  readonly folds: number
}

/** Folds of a file that has none of its own (pairsDevTrain.txt, pairsDevTest.txt). */
const DEFAULT_FOLDS = 10

/** `person/person_0001`, as LFW names its files, without the extension. */
export function photoStem({ person, number }: PhotoId): string {
  return `${person}/${person}_${String(number).padStart(4, '0')}`
}

/**
 * Reads a file in the format of LFW's pairs.txt.
 * @throws Error naming the file and the line that is not as it should be
 */
export async function readPairs(file: string): Promise<PairList> {
  return parsePairs(await readFile(file, 'utf8'), file)
}

/**
 * Parses LFW's pairs format. The first line holds `folds<TAB>n`, or `n` alone; for each fold follow n pairs of the same
 * person (`name<TAB>number<TAB>number`) and n of different people (`name<TAB>number<TAB>name<TAB>number`).
 * A file without folds is cut into ten, in file order, the same share of both kinds in each. There are two folds at the least,
 * as each is judged by what is best on the others.
 * Source: the README of LFW, http://vis-www.cs.umass.edu/lfw/README.txt.
 * @param file what errors call the text
 * @throws Error naming the line that is not as it should be
 */
export function parsePairs(text: string, file: string): PairList {
  const lines = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/)
  const { folds, perFold } = parseHeader(lines[0], file)
  const listed = lines.length - 1
  const promised = 2 * perFold * (folds ?? 1)
  if (listed !== promised) {
    throw new Error(`${file}: its first line promises ${promised} pairs, ${listed} lines follow`)
  }
  const foldCount = folds ?? Math.min(DEFAULT_FOLDS, perFold)
  const pairs = lines.slice(1).map((line, i) => {
    const place = i % perFold
    const fold = folds === undefined ? Math.floor((place * foldCount) / perFold) : Math.floor(i / (2 * perFold))
    const same = Math.floor(i / perFold) % 2 === 0
    return { ...parsePair(line, same, `${file}, line ${i + 2}`), same, fold }
  })
  return { pairs, folds: foldCount }
}

/** The first `limit` pairs of each kind in each fold. */
export function takePairs({ pairs, folds }: PairList, limit: number): PairList {
  const taken = new Map<string, number>()
  const kept = pairs.filter(({ fold, same }) => {
    const kind = `${fold} ${same}`
    const count = taken.get(kind) ?? 0
    taken.set(kind, count + 1)
    return count < limit
  })
  return { pairs: kept, folds }
}

function parseHeader(line: string, file: string): { folds?: number; perFold: number } {
  const numbers = line.split('\t').map((column) => parseCount(column))
  const [first, second] = numbers
  if (numbers.length === 1 && first !== undefined) {
    if (first < 2)
      throw new Error(`${file}, line 1: expected at least 2 pairs of a kind, to cut into folds; got ${first}`)
    return { perFold: first }
  }
  if (numbers.length === 2 && first !== undefined && second !== undefined) {
    if (first < 2) throw new Error(`${file}, line 1: expected at least 2 folds; got ${first}`)
    return { folds: first, perFold: second }
  }
  throw new Error(
    `${file}, line 1: expected "folds<TAB>pairs of a kind per fold", or one number; got ${JSON.stringify(line)}`,
  )
}

function parsePair(line: string, same: boolean, place: string): { first: PhotoId; second: PhotoId } {
  const columns = line.split('\t')
  const [p, i, q, j] = same ? [columns[0], columns[1], columns[0], columns[2]] : columns
  const [firstNumber, secondNumber] = [parseCount(i), parseCount(j)]
  if (
    columns.length !== (same ? 3 : 4) ||
    !isName(p) ||
    !isName(q) ||
    firstNumber === undefined ||
    secondNumber === undefined
  ) {
    const expected = same
      ? 'a pair of the same person, "name<TAB>number<TAB>number"'
      : 'a pair of different people, "name<TAB>number<TAB>name<TAB>number"'
    throw new Error(`${place}: expected ${expected}; got ${JSON.stringify(line)}`)
  }
  if (!same && p === q) throw new Error(`${place}: expected a pair of different people; both are ${p}`)
  return { first: { person: p, number: firstNumber }, second: { person: q, number: secondNumber } }
}

/** A whole number from 1 on, or undefined. */
function parseCount(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
}

/** A name must not lead out of the folder of photos. */
function isName(text: string | undefined): text is string {
  return text !== undefined && text !== '' && !text.startsWith('.') && !/[/\\]/.test(text)
}
