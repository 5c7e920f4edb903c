/** The classes in which a peer takes less CPU, or needs fewer bytes for the same quality, with the reason. */
import { bytesAgainstBest, type Comparison, cpuAgainstBest } from './best-peer.ts';
import type { Report } from './report.ts';

/** Ratios up to here are noise. */
const EQUAL = 1.02;

const SHRINK =
  'sharp halves the shrink of the JPEG decoder where the ratio of the sides is 2 to 3, 4 to 5 or 8 to 9, so as not to be off by a pixel; imgproxy does not, for 0.4 to 0.9 points of SSIMULACRA2. Nothing in the API of sharp changes that';
const EFFORT = 'libwebp at effort 4; effort 2 would take half the CPU of the encoder, for 4 % more bytes';
const REQUEST =
  'validation, keys, guards and caches of a request, 0.3 to 0.5 ms, and quantization table 3, 3 % of the encoder';
const CPU_REASONS: Readonly<Record<string, string>> = {
  'small JPEG → JPEG 320': REQUEST,
  'JPEG → JPEG 1600': REQUEST,
  'PNG, screen → WebP 640': REQUEST,
  'AVIF → WebP 640': 'vipsthumbnail encodes WebP of a lower quality',
  'animated GIF → WebP 320': 'frames are scaled one by one, so that no row of one mixes with the next one',
  'JPEG → JPEG 200': SHRINK,
  'JPEG → JPEG 640': SHRINK,
  'turned JPEG → JPEG 640': SHRINK,
  'JPEG → WebP 640': SHRINK,
  'JPEG → AVIF 640':
    'effort 3, since outputs are cached: 1.5 × the CPU of effort 2 for 12 % fewer bytes. A short deadline gets effort 1',
  'PNG, alpha → PNG 640': 'row filters are tried, for 40 % fewer bytes',
  'PNG, alpha → WebP 640': EFFORT,
  'WebP → WebP 640': EFFORT,
  'SVG → PNG 640': 'rendered in a separate process, which can be ended if an SVG takes too long',
};
const BYTES_REASONS: Readonly<Record<string, string>> = {
  'JPEG → AVIF 640': 'effort 4, the default of sharp, takes four times the CPU of effort 3',
  'Next.js':
    'mozjpeg: 7.7 × the CPU of the encoder for 12 % fewer bytes, of which quantization table 3 gets 6 without it',
};

const toText = ({ ratio, peer }: Comparison) => `${ratio.toFixed(2)} × ${peer}`;

/** Lists a row for each class and figure: class, figure, ratio, reason. */
export function losses(report: Report): readonly (readonly string[])[] {
  const isLoss = ({ ratio }: Comparison) => ratio > EQUAL;
  return [
    ...cpuAgainstBest(report)
      .filter(isLoss)
      .map((comparison) => [comparison.title, 'CPU', toText(comparison), CPU_REASONS[comparison.title] ?? '']),
    ...bytesAgainstBest(report)
      .filter(isLoss)
      .map((comparison) => [
        comparison.title,
        'bytes',
        toText(comparison),
        BYTES_REASONS[comparison.title] ?? BYTES_REASONS[comparison.peer] ?? '',
      ]),
  ];
}
