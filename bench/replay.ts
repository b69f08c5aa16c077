import type { FaceNetworks } from '../lib/runtime/face-networks.js'

/** One run of a network, as the pipeline asked for it. */
type Call = (networks: FaceNetworks) => Promise<unknown>

/** Networks that note what they are asked, so that the same can be asked again without the pipeline around it. */
export class RecordingNetworks implements FaceNetworks {
  readonly calls: Call[] = []

  constructor(private readonly networks: FaceNetworks) {}

  get runtime() {
    return this.networks.runtime
  }

  get precision() {
    return this.networks.precision
  }

  get description(): string {
    return this.networks.description
  }

  detect(images: Float32Array, size: number, count: number) {
    const input = images.slice()
    return this.#note((networks) => networks.detect(input, size, count))
  }

  detectPortraits(images: Float32Array, size: number, count: number) {
    const input = images.slice()
    return this.#note((networks) => networks.detectPortraits(input, size, count))
  }

  landmarks(crops: Float32Array, count: number) {
    const input = crops.slice()
    return this.#note((networks) => networks.landmarks(input, count))
  }

  descriptors(chips: Float32Array, count: number) {
    const input = chips.slice()
    return this.#note((networks) => networks.descriptors(input, count))
  }

  close(): Promise<void> {
    return this.networks.close()
  }

  #note<Output>(call: (networks: FaceNetworks) => Promise<Output>): Promise<Output> {
    this.calls.push(call)
    return call(this.networks)
  }
}
