import t from 'tap'
import { estimatePose } from '../../lib/face/pose.js'

/** Six points of a head, from its middle: x to the right of the picture, y down, z towards the camera. */
const HEAD: Readonly<Record<number, readonly [number, number, number]>> = {
  30: [0, 0, 100],
  8: [0, 330, 35],
  36: [-225, -170, -35],
  45: [225, -170, -35],
  48: [-150, 150, -25],
  54: [150, 150, -25],
}

/** The head turned to the right of the picture, then raised, as a camera far away sees it. */
function seen(yaw: number, pitch: number) {
  const [a, b] = [yaw, pitch].map((degrees) => (degrees * Math.PI) / 180)
  const points = Array.from({ length: 68 }, () => ({ x: 0, y: 0 }))
  for (const [index, [x, y, z]] of Object.entries(HEAD)) {
    const [turnedX, turnedZ] = [x * Math.cos(a) + z * Math.sin(a), z * Math.cos(a) - x * Math.sin(a)]
    points[Number(index)] = { x: 500 + turnedX / 3, y: 400 + (y * Math.cos(b) - turnedZ * Math.sin(b)) / 3 }
  }
  return points
}

t.test('which way a head is turned is found from where its points are seen', (t) => {
  for (const [yaw, pitch] of [
    [0, 0],
    [30, 0],
    [-45, 0],
    [0, 20],
    [0, -30],
    [25, 15],
  ]) {
    const pose = estimatePose(seen(yaw, pitch))
    t.ok(Math.abs(pose.yaw - yaw) < 3, `yaw ${yaw}: ${pose.yaw}`)
    t.ok(Math.abs(pose.pitch - pitch) < 3, `pitch ${pitch}: ${pose.pitch}`)
  }
  t.end()
})
