import type { FaceNetworks } from '../lib/runtime/face-networks.js'

/** One run of a network, as the pipeline asked for it. */
type Call = (networks: FaceNetworks) => Promise<unknown>

/** Networks that note what they are asked, so that the same can be asked again without the pipeline around it. All are its own, so that it may be spread. */
export class RecordingNetworks implements FaceNetworks {
  readonly calls: Call[] = []

  readonly runtime: FaceNetworks['runtime']
  readonly precision: FaceNetworks['precision']
  readonly description: string

  constructor(private readonly networks: FaceNetworks) {
    this.runtime = networks.runtime
    this.precision = networks.precision
    this.description = networks.description
  }

  readonly detect: FaceNetworks['detect'] = (images, size, count) => {
    const input = images.slice()
    return this.#note((networks) => networks.detect(input, size, count))
  }

  readonly detectPortraits: FaceNetworks['detectPortraits'] = (images, size, count) => {
    const input = images.slice()
    return this.#note((networks) => networks.detectPortraits(input, size, count))
  }

  readonly landmarks: FaceNetworks['landmarks'] = (crops, count) => {
    const input = crops.slice()
    return this.#note((networks) => networks.landmarks(input, count))
  }

  readonly descriptors: FaceNetworks['descriptors'] = (chips, count) => {
    const input = chips.slice()
    return this.#note((networks) => networks.descriptors(input, count))
  }

  readonly close = (): Promise<void> => this.networks.close()

  #note<Output>(call: (networks: FaceNetworks) => Promise<Output>): Promise<Output> {
    this.calls.push(call)
    return call(this.networks)
  }
}
