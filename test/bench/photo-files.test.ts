import path from 'node:path'
import t from 'tap'
import { parsePairs, readPairs } from '../../bench/lfw-pairs.js'
import { findPhotos } from '../../bench/photo-files.js'

const pairs = parsePairs('2\nAnn_Lee\t1\t2\nAnn_Lee\t2\t1\nAnn_Lee\t1\tBob\t1\nAnn_Lee\t2\tBob\t1\n', 'pairs.txt')

t.test('each photo is found once, whatever its extension', async (t) => {
  const folder = t.testdir({
    Ann_Lee: { 'Ann_Lee_0001.jpg': '', 'Ann_Lee_0002.png': '', 'Ann_Lee_0003.jpg': '' },
    Bob: { 'Bob_0001.JPEG': '' },
  })
  t.strictSame(await findPhotos(pairs, folder), [
    { stem: 'Ann_Lee/Ann_Lee_0001', person: 'Ann_Lee', path: path.join(folder, 'Ann_Lee', 'Ann_Lee_0001.jpg') },
    { stem: 'Ann_Lee/Ann_Lee_0002', person: 'Ann_Lee', path: path.join(folder, 'Ann_Lee', 'Ann_Lee_0002.png') },
    { stem: 'Bob/Bob_0001', person: 'Bob', path: path.join(folder, 'Bob', 'Bob_0001.JPEG') },
  ])
})

t.test('a photo that is not there is named', async (t) => {
  const folder = t.testdir({ Ann_Lee: { 'Ann_Lee_0001.jpg': '' }, Bob: { 'Bob_0001.jpg': '' } })
  await t.rejects(findPhotos(pairs, folder), {
    message: `${path.join(folder, 'Ann_Lee', 'Ann_Lee_0002')}.* is not there`,
  })
})

t.test('of several photos that are not there the first is named, and the others counted', async (t) => {
  const folder = t.testdir({ Ann_Lee: { 'Ann_Lee_0001.jpg': '' } })
  await t.rejects(findPhotos(pairs, folder), {
    message: `${path.join(folder, 'Ann_Lee', 'Ann_Lee_0002')}.* is not there (2 photos are missing)`,
  })
})

t.test('a folder that is not there is named', async (t) => {
  const absent = path.join(t.testdir({}), 'absent')
  await t.rejects(findPhotos(pairs, absent), { message: `${absent} is not a folder that can be read` })
})

t.test('a list that is not there is named', async (t) => {
  const absent = path.join(t.testdir({}), 'pairs.txt')
  await t.rejects(readPairs(absent), { message: `ENOENT: no such file or directory, open '${absent}'` })
})
