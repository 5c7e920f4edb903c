/**
 * Calls libheif by its C API, compiled to WebAssembly (`libheif-js`): its JavaScript API has no strict decoding, no profiles, no
 * thumbnails and no more than 8 bits.
 */
import { createRequire } from 'node:module';
import { type PixelLayout, tiffHead } from '../image/formats/tiff-head.ts';
import type { HeicFailure, HeicTask } from './messages.ts';

/** The functions that are called, by their names in `heif.h`. Pointers and enumerations are numbers. */
interface Libheif {
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  readonly HEAPU32: Uint32Array<ArrayBuffer>;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _heif_context_alloc(): number;
  _heif_context_free(context: number): void;
  _heif_context_read_from_memory_without_copy(
    error: number,
    context: number,
    bytes: number,
    length: number,
    options: number,
  ): void;
  _heif_context_get_primary_image_handle(error: number, context: number, handle: number): void;
  _heif_image_handle_get_thumbnail(error: number, handle: number, id: number, thumbnail: number): void;
  _heif_image_handle_get_width(handle: number): number;
  _heif_image_handle_get_height(handle: number): number;
  _heif_image_handle_release(handle: number): void;
  _heif_decoding_options_alloc(): number;
  _heif_decoding_options_free(options: number): void;
  _heif_decode_image(
    error: number,
    handle: number,
    image: number,
    colourSpace: number,
    chroma: number,
    options: number,
  ): void;
  _heif_image_get_width(image: number, channel: number): number;
  _heif_image_get_height(image: number, channel: number): number;
  _heif_image_get_bits_per_pixel_range(image: number, channel: number): number;
  _heif_image_get_plane_readonly2(image: number, channel: number, stride: number): number;
  _heif_image_release(image: number): void;
}

/** `heif_colorspace_RGB`, `heif_channel_interleaved`, and `heif_chroma_interleaved_*`: RGB, RGBA, RRGGBB_LE, RRGGBBAA_LE. */
const RGB = 1;
const INTERLEAVED = 10;
const CHROMA = { 8: { 3: 10, 4: 11 }, 16: { 3: 14, 4: 15 } } as const;
/** Offsets in `heif_decoding_options`, whose first byte is its version. */
const OPTIONS = { version: 10, strictDecoding: 21, correctRange: 68, keepColours: 69 } as const;
/** `heif_error_Memory_allocation_error`, and the detail by which it says that the file is larger than its own header (`heif_suberror_Security_limit_exceeded`). */
const MEMORY_ERROR = 6;
const LIMIT_EXCEEDED = 1000;

/** An error of libheif: of the file, or of memory. */
class HeifError extends Error implements HeicFailure {
  readonly reason;
  constructor(reason: HeicFailure['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
  get detail() {
    return this.message;
  }
}

/** The part of the WebAssembly API that is used: the types of Node leave it out. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: WasmMemory } } }).WebAssembly;

let maxMemory = Number.POSITIVE_INFINITY;

/**
 * Limits the growth of memory in this thread. `resourceLimits` of a worker do not count the memory of WebAssembly, and the
 * decoder's own maximum is 2 GiB.
 */
function limitMemory(): void {
  const { grow } = Memory.prototype;
  Memory.prototype.grow = function limitedGrow(this: WasmMemory, pages: number) {
    if (this.buffer.byteLength + pages * 65_536 > maxMemory) throw new RangeError('the memory limit of this image');
    return grow.call(this, pages);
  };
}

/**
 * Loads the decoder, in 60 ms of CPU.
 *
 * @param path of `libheif-js/libheif-wasm/libheif.js`
 * @throws Error if it is another version, whose structures could have other offsets
 */
export function loadLibheif(path: string): Libheif {
  limitMemory();
  const create = createRequire(path)(path) as (options: object) => Libheif;
  // It writes its errors to the console otherwise.
  const libheif = create({ print: () => {}, printErr: () => {} });
  const options = libheif._heif_decoding_options_alloc();
  const version = libheif.HEAPU8[options];
  libheif._heif_decoding_options_free(options);
  if (version !== OPTIONS.version) throw new Error('this version of libheif-js is not supported');
  return libheif;
}

/** Copies the pixels of a decoded image behind the header of a TIFF. */
function toTiff(libheif: Libheif, image: number, layout: PixelLayout, { crop, uncropped, icc }: HeicTask): ArrayBuffer {
  const { width, height, channels, bytesPerSample } = layout;
  const pixelBytes = channels * bytesPerSample;
  const pointer = libheif._malloc(4);
  const plane = libheif._heif_image_get_plane_readonly2(image, INTERLEAVED, pointer);
  const stride = libheif.HEAPU32[pointer >> 2] ?? 0;
  const rowBytes = width * pixelBytes;
  if (!plane || stride < uncropped.width * pixelBytes) throw new HeifError('corrupt', 'no pixels');
  const head = tiffHead(layout, icc);
  const start = head.length;
  const tiff = new ArrayBuffer(start + rowBytes * height);
  const bytes = new Uint8Array(tiff);
  bytes.set(head);
  const { buffer } = libheif.HEAPU8;
  for (let row = 0; row < height; row++)
    bytes.set(
      new Uint8Array(buffer, plane + (crop.top + row) * stride + crop.left * pixelBytes, rowBytes),
      start + row * rowBytes,
    );
  if (bytesPerSample === 2)
    widen(new Uint16Array(tiff, start), libheif._heif_image_get_bits_per_pixel_range(image, INTERLEAVED));
  return tiff;
}

/** Scales samples of so many bits to 16. */
function widen(samples: Uint16Array, bits: number): void {
  const max = 2 ** bits - 1;
  const table = Uint16Array.from({ length: max + 1 }, (_, value) => Math.round((value / max) * 65_535));
  for (let i = 0; i < samples.length; i++) samples[i] = table[Math.min(samples[i] ?? 0, max)] ?? 0;
}

/** What one task has allocated, in the order of allocation. */
type Cleanup = (() => void)[];

function decodeImage(libheif: Libheif, task: HeicTask, cleanup: Cleanup): ArrayBuffer {
  const allocate = (bytes: number) => {
    const pointer = libheif._malloc(bytes);
    if (!pointer) throw new HeifError('memory', 'no memory for the file');
    cleanup.push(() => libheif._free(pointer));
    return pointer;
  };
  const error = allocate(16);
  const output = allocate(4);
  /** Calls a function that returns an error and, by a pointer, a value. */
  const call = (run: () => void): number => {
    run();
    const [code, detail, message = 0] = libheif.HEAPU32.subarray(error >> 2, (error >> 2) + 3);
    if (code)
      throw new HeifError(
        code === MEMORY_ERROR && detail !== LIMIT_EXCEEDED ? 'memory' : 'corrupt',
        readText(libheif, message),
      );
    return libheif.HEAPU32[output >> 2] ?? 0;
  };
  const file = allocate(task.bytes.length);
  libheif.HEAPU8.set(task.bytes, file);
  const context = libheif._heif_context_alloc();
  cleanup.push(() => libheif._heif_context_free(context));
  call(() => libheif._heif_context_read_from_memory_without_copy(error, context, file, task.bytes.length, 0));
  const primary = call(() => libheif._heif_context_get_primary_image_handle(error, context, output));
  cleanup.push(() => libheif._heif_image_handle_release(primary));
  const { thumbnailId } = task;
  const handle =
    thumbnailId === undefined
      ? primary
      : call(() => libheif._heif_image_handle_get_thumbnail(error, primary, thumbnailId, output));
  if (handle !== primary) cleanup.push(() => libheif._heif_image_handle_release(handle));
  const options = libheif._heif_decoding_options_alloc();
  cleanup.push(() => libheif._heif_decoding_options_free(options));
  libheif.HEAPU8[options + OPTIONS.strictDecoding] = 1;
  // Sony's cameras write one range of samples into the file, and another one into the bitstream, which is right.
  libheif.HEAPU8[options + OPTIONS.correctRange] = 1;
  libheif.HEAPU8[options + OPTIONS.keepColours] = 1;
  const layout: PixelLayout = {
    width: task.crop.width,
    height: task.crop.height,
    channels: task.hasAlpha ? 4 : 3,
    bytesPerSample: task.isDeep ? 2 : 1,
  };
  const chroma = CHROMA[task.isDeep ? 16 : 8][layout.channels];
  const image = call(() => libheif._heif_decode_image(error, handle, output, RGB, chroma, options));
  cleanup.push(() => libheif._heif_image_release(image));
  const [width, height] = [libheif._heif_image_get_width, libheif._heif_image_get_height].map((get) =>
    get(image, INTERLEAVED),
  );
  if (width !== task.uncropped.width || height !== task.uncropped.height)
    throw new HeifError('corrupt', `${width} × ${height} pixels`);
  return toTiff(libheif, image, layout, task);
}

/** Reads a string that ends with zero, of at most 200 characters. */
function readText({ HEAPU8 }: Libheif, pointer: number): string {
  const text = Buffer.from(HEAPU8.subarray(pointer, pointer + 200)).toString('latin1');
  return text.replace(/\0[\s\S]*/, '');
}

/**
 * Decodes one image strictly: a truncated file is an error.
 *
 * @returns a TIFF, or why there is none
 * @throws Error if the decoder trapped: it must not be used again
 */
export function decode(libheif: Libheif, task: HeicTask): { readonly tiff: ArrayBuffer } | HeicFailure {
  const cleanup: Cleanup = [];
  maxMemory = task.maxMemory;
  try {
    return { tiff: decodeImage(libheif, task, cleanup) };
  } catch (error) {
    if (error instanceof HeifError) return { reason: error.reason, detail: error.detail };
    throw error;
  } finally {
    for (const release of cleanup.reverse()) release();
  }
}
