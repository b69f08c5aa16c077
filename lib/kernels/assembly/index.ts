/*
 * The loops over pixels, in AssemblyScript, which is compiled to WebAssembly: its vectors hold four floats. Places in memory
 * are in bytes. What is written may reach up to 60 bytes, and what is read up to 36, beyond the end.
 */
export { fitIntoSquare } from './fit'
export { writePixels } from './jpeg-colours'
export { huffmanTable } from './jpeg-huffman'
export { readScan } from './jpeg-scan'
export { countFrom, lumaOf, lumaOfBytes, sharpness } from './luma'
export { printOf } from './print'
export { sampleSquare } from './sample'
