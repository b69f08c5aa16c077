import { angles } from './suites/angles.js'
import { conditions } from './suites/conditions.js'
import { crowding } from './suites/crowding.js'
import { lfw } from './suites/lfw.js'
import { poorPairs } from './suites/poor-pairs.js'
import { quality } from './suites/quality.js'
import { samePhoto } from './suites/same-photo.js'
import { sizes } from './suites/sizes.js'
import type { Suite } from './suites/suite.js'
import { variants } from './suites/variants.js'

/** All that `npm run evaluate` can measure; the first is the default. */
export const SUITES: readonly Suite[] = [
  lfw,
  angles,
  sizes,
  conditions,
  poorPairs,
  crowding,
  quality,
  samePhoto,
  variants,
]
