/** The turn of one image among those that are decoded, as the renderer sees it. */

/** An estimate of the decode and encode of one image. */
export interface Work {
  /** Whether it takes a moment and little memory: it has places of its own, and its memory is not counted. */
  readonly isShort: boolean;
  /** Bytes of decoder, pixels and encoder. */
  readonly bytes: number;
}

/** The place and the memory of one decode. */
export interface Turn {
  /**
   * Waits for a free vCPU and then for memory. To be called once, when the work is known and before it begins.
   *
   * @throws ImageError IMAGE_TOO_LARGE if it needs more memory than one image may take, OVERLOADED after 20 s of waiting,
   *   SOURCE_TIMEOUT when its request has ended
   */
  readonly begin: (work: Work) => Promise<void>;
  /** Waits for further memory. @throws as `begin` */
  readonly reserve: (bytes: number) => Promise<void>;
}
