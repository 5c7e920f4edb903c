/** Animated PNGs that are small files and much work. */
import { deflateSync } from 'node:zlib';
import type { Input } from '../origin.ts';
import { png, pngChunk, u16, u32 } from './bytes.ts';

interface Canvas {
  readonly width: number;
  readonly height: number;
}

/** A frame of the whole canvas, drawn over the one before, or back to it. */
const control = (sequence: number, { width, height }: Canvas, dispose = 0) =>
  pngChunk(
    'fcTL',
    Buffer.concat([...[sequence, width, height, 0, 0].map(u32), u16(1), u16(10), Buffer.of(dispose, 1)]),
  );

/** Many frames with the same half transparent pixels. */
function animation(canvas: Canvas, frames: number, dispose?: number): Buffer {
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(canvas.width * 4, 0x80)]);
  const pixels = deflateSync(Buffer.alloc(row.length * canvas.height, row));
  const later = Array.from({ length: frames - 1 }, (_, i) =>
    Buffer.concat([control(2 * i + 1, canvas, dispose), pngChunk('fdAT', Buffer.concat([u32(2 * i + 2), pixels]))]),
  );
  const first = [control(0, canvas, dispose), pngChunk('IDAT', pixels)];
  return png(
    canvas.width,
    canvas.height,
    6,
    pngChunk('acTL', Buffer.concat([u32(frames), u32(0)])),
    ...first,
    ...later,
  );
}

export const TINY_FRAMES: Input = {
  name: 'APNG of 20,000 frames of a pixel',
  bytes: () => animation({ width: 1, height: 1 }, 20_000),
};
export const HUGE_FRAMES: Input = {
  name: 'APNG of 60 frames of 16 MP',
  bytes: () => animation({ width: 4000, height: 4000 }, 60, 2),
};
export const LARGE_FRAMES: Input = {
  name: 'APNG of 300 frames of 1 MP',
  bytes: () => animation({ width: 1000, height: 1000 }, 300, 2),
};
