import type { PbfWriter } from 'pbf'

/*
 * The part of TensorFlow's protobuf messages that a SavedModel of our operators needs. Field numbers:
 * tensorflow/core/framework (graph, node_def, attr_value, tensor, tensor_shape) and core/protobuf (saved_model, meta_graph).
 */

/** tensorflow/core/framework/types.proto; `qint8` and `quint8` are bytes that stand for a range of floats. */
const TYPES = { float: 1, int32: 3, uint8: 4, int8: 6, qint8: 11, quint8: 12 } as const
export type TensorFlowType = keyof typeof TYPES

export interface TensorFlowTensor {
  readonly shape: readonly number[]
  /** Of type float, int32 or int8. */
  readonly data: Float32Array | Int32Array | Int8Array
}

/** A number is an integer, a string an enumeration in words; `-1` in a shape is a side that is open. */
export type TensorFlowAttribute =
  | boolean
  | number
  | string
  | readonly number[]
  | { readonly type: TensorFlowType }
  | { readonly types: readonly TensorFlowType[] }
  | { readonly strings: readonly string[] }
  | { readonly shape: readonly number[] }
  | { readonly tensor: TensorFlowTensor }

export interface TensorFlowNode {
  readonly name: string
  readonly operator: string
  readonly inputs: readonly string[]
  readonly attributes: Readonly<Record<string, TensorFlowAttribute>>
}

export interface TensorFlowGraph {
  readonly nodes: readonly TensorFlowNode[]
  /** The name of the signature's only input, its node and its shape. */
  readonly input: { readonly name: string; readonly node: string; readonly shape: readonly number[] }
  readonly output: { readonly name: string; readonly node: string }
}

/** What TensorFlow has to be asked for to load and to run a graph. */
export const SAVED_MODEL_TAG = 'serve'
export const INPUT_NODE = 'input'
export const OUTPUT_NODE = 'output'
/** What `tf.node.loadSavedModel` and other programs look for. */
export const SAVED_MODEL_SIGNATURE = 'serving_default'

function writeDimension(size: number, pbf: PbfWriter): void {
  pbf.writeVarintField(1, size)
}

function writeShape(shape: readonly number[], pbf: PbfWriter): void {
  for (const size of shape) pbf.writeMessage(2, writeDimension, size)
}

function writeUnknownShape(_: null, pbf: PbfWriter): void {
  pbf.writeBooleanField(3, true)
}

function writeTensor({ shape, data }: TensorFlowTensor, pbf: PbfWriter): void {
  const type = data instanceof Float32Array ? 'float' : data instanceof Int32Array ? 'int32' : 'int8'
  pbf.writeVarintField(1, TYPES[type])
  pbf.writeMessage(2, writeShape, shape)
  pbf.writeBytesField(4, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
}

function writeIntegers(values: readonly number[], pbf: PbfWriter): void {
  pbf.writePackedVarint(3, [...values])
}

function writeTypes(types: readonly TensorFlowType[], pbf: PbfWriter): void {
  pbf.writePackedVarint(
    6,
    types.map((type) => TYPES[type]),
  )
}

function writeStrings(strings: readonly string[], pbf: PbfWriter): void {
  for (const text of strings) pbf.writeBytesField(2, Buffer.from(text))
}

function writeAttributeValue(value: TensorFlowAttribute, pbf: PbfWriter): void {
  if (typeof value === 'boolean') pbf.writeBooleanField(5, value)
  else if (typeof value === 'number') pbf.writeVarintField(3, value)
  else if (typeof value === 'string') pbf.writeBytesField(2, Buffer.from(value))
  else if ('type' in value) pbf.writeVarintField(6, TYPES[value.type])
  else if ('types' in value) pbf.writeMessage(1, writeTypes, value.types)
  else if ('strings' in value) pbf.writeMessage(1, writeStrings, value.strings)
  else if ('shape' in value) pbf.writeMessage(7, writeShape, value.shape)
  else if ('tensor' in value) pbf.writeMessage(8, writeTensor, value.tensor)
  else pbf.writeMessage(1, writeIntegers, value)
}

function writeAttribute([name, value]: readonly [string, TensorFlowAttribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name)
  pbf.writeMessage(2, writeAttributeValue, value)
}

function writeNode(node: TensorFlowNode, pbf: PbfWriter): void {
  pbf.writeStringField(1, node.name)
  pbf.writeStringField(2, node.operator)
  for (const input of node.inputs) pbf.writeStringField(3, input)
  for (const attribute of Object.entries(node.attributes)) pbf.writeMessage(5, writeAttribute, attribute)
}

/** Graphs of this version may use all operators above with their attributes' defaults (TensorFlow 2.x). */
const GRAPH_PRODUCER_VERSION = 1087

function writeVersions(producer: number, pbf: PbfWriter): void {
  pbf.writeVarintField(1, producer)
}

function writeGraphDef({ nodes }: TensorFlowGraph, pbf: PbfWriter): void {
  for (const node of nodes) pbf.writeMessage(1, writeNode, node)
  pbf.writeMessage(4, writeVersions, GRAPH_PRODUCER_VERSION)
}

function writeTensorInfo({ node, shape }: { node: string; shape?: readonly number[] }, pbf: PbfWriter): void {
  pbf.writeStringField(1, `${node}:0`)
  pbf.writeVarintField(2, TYPES.float)
  if (shape === undefined) pbf.writeMessage(3, writeUnknownShape, null)
  else pbf.writeMessage(3, writeShape, shape)
}

type NamedTensor = { name: string; node: string; shape?: readonly number[] }

function writeNamedTensor(tensor: NamedTensor, pbf: PbfWriter): void {
  pbf.writeStringField(1, tensor.name)
  pbf.writeMessage(2, writeTensorInfo, tensor)
}

function writeSignature({ input, output }: TensorFlowGraph, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeNamedTensor, input)
  pbf.writeMessage(2, writeNamedTensor, output)
  pbf.writeStringField(3, 'tensorflow/serving/predict')
}

function writeNamedSignature(graph: TensorFlowGraph, pbf: PbfWriter): void {
  pbf.writeStringField(1, SAVED_MODEL_SIGNATURE)
  pbf.writeMessage(2, writeSignature, graph)
}

function writeMetaInfo(tag: string, pbf: PbfWriter): void {
  pbf.writeStringField(4, tag)
}

function writeMetaGraph(graph: TensorFlowGraph, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeMetaInfo, SAVED_MODEL_TAG)
  pbf.writeMessage(2, writeGraphDef, graph)
  pbf.writeMessage(5, writeNamedSignature, graph)
}

/** Writes a SavedModel message with one graph, one tag and one signature. */
export function writeSavedModel(graph: TensorFlowGraph, pbf: PbfWriter): void {
  pbf.writeVarintField(1, 1)
  pbf.writeMessage(2, writeMetaGraph, graph)
}
