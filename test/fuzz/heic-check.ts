/** What must hold for any bytes that are read or decoded as a HEIC. */
import { ImageError } from '../../src/errors.ts';
import { createHeicPool } from '../../src/heic/pool.ts';
import { readColourSignal } from '../../src/image/formats/colour-signal.ts';
import { parseHeic, withoutApertures } from '../../src/image/formats/heic.ts';
import { peekSize } from '../../src/image/formats/size.ts';
import { sniff } from '../../src/image/formats/sniff.ts';
import { checkStructure } from '../../src/image/formats/structure.ts';
import { resize } from '../../src/image/resize.ts';
import { optionsOf, testConfig } from '../requests.ts';

export interface Outcome {
  /** A code, or `ok`. */
  readonly outcome: string;
  /** What was wrong; undefined if nothing was. */
  readonly error: string | undefined;
}

/** Maximum CPU milliseconds of the readers, which run on the main thread. */
const MAX_READ_MS = 50;
/** Pixels and memory of these files are small; so is what they may take. */
const HEIC_TIMEOUT = 2000;
const decodeHeic = createHeicPool({ heicTimeout: HEIC_TIMEOUT });
const limits = testConfig({ SOURCE_HEIC: 'on' });

const failure = (error: unknown): Outcome =>
  error instanceof ImageError
    ? { outcome: error.code, error: error.statusCode >= 500 ? error.code : undefined }
    : { outcome: 'crash', error: String((error as Error)?.stack ?? error) };

/** Reads the header, with every reader that runs before the decoder. */
export function checkHeader(bytes: Buffer): Outcome {
  const start = process.cpuUsage();
  const outcome = readHeader(bytes);
  const { user, system } = process.cpuUsage(start);
  const isSlow = user + system > MAX_READ_MS * 1000;
  return isSlow ? { ...outcome, error: `${Math.round((user + system) / 1000)} ms` } : outcome;
}

function readHeader(bytes: Buffer): Outcome {
  try {
    const format = sniff(bytes, true);
    if (format !== 'heic') return { outcome: 'other', error: undefined };
    peekSize(bytes, format);
    checkStructure(bytes, format);
    const { primary, thumbnails } = parseHeic(bytes);
    readColourSignal(bytes, format, primary.icc !== undefined);
    for (const { uncropped, crop, width, height } of [primary, ...thumbnails]) {
      const isInside = crop.left >= 0 && crop.left + width <= uncropped.width && crop.top + height <= uncropped.height;
      if (!isInside || !(width >= 1 && height >= 1)) return { outcome: 'ok', error: 'a crop outside of the image' };
    }
    withoutApertures(bytes, primary);
    return { outcome: 'ok', error: undefined };
  } catch (error) {
    return failure(error);
  }
}

/** Renders a file through the worker thread. */
export async function checkDecode(bytes: Buffer): Promise<Outcome> {
  const header = readHeader(bytes);
  if (header.outcome !== 'ok') return header;
  const start = performance.now();
  const job = {
    source: { bytes, format: 'heic' as const },
    options: optionsOf({ w: 200, f: 'jpg' }),
    accept: undefined,
    limits,
  };
  try {
    await resize(job, undefined, { decodeHeic });
    return { outcome: 'ok', error: undefined };
  } catch (error) {
    return failure(error);
  } finally {
    const ms = performance.now() - start;
    if (ms > 10 * HEIC_TIMEOUT) console.log(`${Math.round(ms)} ms`);
  }
}
