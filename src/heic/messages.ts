/** What the main thread and a worker that decodes HEIC send each other. */

import type { Rect, Size } from '../image/size.ts';

/** Decodes one image. The bytes are transferred. */
export interface HeicTask {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Id of a thumbnail; undefined for the primary image. */
  readonly thumbnailId: number | undefined;
  /** The size of the upright image, which the decoded one must have. */
  readonly uncropped: Size;
  /** The part that is returned. */
  readonly crop: Rect;
  readonly hasAlpha: boolean;
  /** Whether samples have more than 8 bits: they are returned with 16. */
  readonly isDeep: boolean;
  readonly icc: Uint8Array | undefined;
  /** Maximum bytes of the memory of the decoder. */
  readonly maxMemory: number;
}

/** Why an image was not decoded: it is invalid, or it needs more memory than `maxMemory`. */
export interface HeicFailure {
  readonly reason: 'corrupt' | 'memory';
  /** Text of the decoder, for the log. */
  readonly detail: string;
}

/** The first message, once the decoder is loaded. */
export interface WorkerReady {
  readonly isReady: true;
}

/** The outcome of a task: an uncompressed TIFF, transferred, or a failure. */
export type HeicResult = ({ readonly tiff: ArrayBuffer } | HeicFailure) & {
  /** Bytes of the decoder's memory, which never shrinks. */
  readonly memory: number;
};
