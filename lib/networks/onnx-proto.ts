import type { PbfWriter } from 'pbf'

/*
 * The part of ONNX's protobuf messages that a graph of float32 and quantised operators needs. Field numbers: onnx.proto3, IR version 8.
 */

const FLOAT = 1
const UINT8 = 2
const INT8 = 3
const INT32 = 6
const INT64 = 7

export interface OnnxTensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly data: Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array
}

export type OnnxAttribute = number | string | readonly number[] | { readonly float: number }

export interface OnnxNode {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly output: string
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>
}

export interface OnnxValue {
  readonly name: string
  /** A number, or the name of a side that is open; left out where the runtime is to infer the shape. */
  readonly dims?: readonly (number | string)[]
}

export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}

const ATTRIBUTE_FLOAT = 1
const ATTRIBUTE_INT = 2
const ATTRIBUTE_STRING = 3
const ATTRIBUTE_INTS = 7

function writeAttribute([name, value]: readonly [string, OnnxAttribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name)
  if (typeof value === 'number') {
    pbf.writeVarintField(3, value)
    pbf.writeVarintField(20, ATTRIBUTE_INT)
  } else if (typeof value === 'string') {
    pbf.writeBytesField(4, Buffer.from(value))
    pbf.writeVarintField(20, ATTRIBUTE_STRING)
  } else if ('float' in value) {
    pbf.writeFloatField(2, value.float)
    pbf.writeVarintField(20, ATTRIBUTE_FLOAT)
  } else {
    for (const number of value) pbf.writeVarintField(8, number)
    pbf.writeVarintField(20, ATTRIBUTE_INTS)
  }
}

function writeNode(node: OnnxNode, pbf: PbfWriter): void {
  for (const input of node.inputs) pbf.writeStringField(1, input)
  pbf.writeStringField(2, node.output)
  pbf.writeStringField(3, node.output)
  pbf.writeStringField(4, node.operator)
  for (const attribute of Object.entries(node.attributes ?? {})) pbf.writeMessage(5, writeAttribute, attribute)
}

function elementType(data: OnnxTensor['data']): number {
  if (data instanceof Float32Array) return FLOAT
  if (data instanceof Uint8Array) return UINT8
  if (data instanceof Int8Array) return INT8
  return data instanceof Int32Array ? INT32 : INT64
}

function writeTensor(tensor: OnnxTensor, pbf: PbfWriter): void {
  for (const side of tensor.dims) pbf.writeVarintField(1, side)
  pbf.writeVarintField(2, elementType(tensor.data))
  pbf.writeStringField(8, tensor.name)
  pbf.writeBytesField(9, new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength))
}

function writeDimension(side: number | string, pbf: PbfWriter): void {
  if (typeof side === 'number') pbf.writeVarintField(1, side)
  else pbf.writeStringField(2, side)
}

function writeShape(dims: readonly (number | string)[], pbf: PbfWriter): void {
  for (const side of dims) pbf.writeMessage(1, writeDimension, side)
}

function writeTensorType({ dims }: OnnxValue, pbf: PbfWriter): void {
  pbf.writeVarintField(1, FLOAT)
  if (dims !== undefined) pbf.writeMessage(2, writeShape, dims)
}

function writeType(value: OnnxValue, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, value)
}

function writeValue(value: OnnxValue, pbf: PbfWriter): void {
  pbf.writeStringField(1, value.name)
  pbf.writeMessage(2, writeType, value)
}

function writeGraph(graph: OnnxGraph, pbf: PbfWriter): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node)
  pbf.writeStringField(2, graph.name)
  for (const tensor of graph.initializers) pbf.writeMessage(5, writeTensor, tensor)
  for (const input of graph.inputs) pbf.writeMessage(11, writeValue, input)
  for (const output of graph.outputs) pbf.writeMessage(12, writeValue, output)
}

function writeOperatorSet(version: number, pbf: PbfWriter): void {
  pbf.writeStringField(1, '')
  pbf.writeVarintField(2, version)
}

const IR_VERSION = 8
const OPERATOR_SET = 17

/** Writes a ModelProto; field order is ascending within each message, as the format advises. */
export function writeOnnxModel(graph: OnnxGraph, pbf: PbfWriter): void {
  pbf.writeVarintField(1, IR_VERSION)
  pbf.writeStringField(2, 'facemetric')
  pbf.writeMessage(7, writeGraph, graph)
  pbf.writeMessage(8, writeOperatorSet, OPERATOR_SET)
}
