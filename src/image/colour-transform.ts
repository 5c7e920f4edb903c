/**
 * Transforms colours that a file describes by numbers (`formats/colour-signal.ts`) to sRGB, on the pixels of the output. HDR is
 * mapped to SDR as Chromium does: SMPTE ST 2094-50, with the reference white of ITU-R BT.2408 at 203 cd/m².
 */
import { type ColourSignal, REC_2020, SRGB, type Transfer } from './formats/colour-signal.ts';
import type { Frame } from './frames.ts';
import { channelByLight, LIGHT_STEPS, toLinear } from './lab.ts';
import { type Matrix, rgbMatrix } from './rgb-matrix.ts';
import type { Size } from './size.ts';
import { forEachSlice } from './slices.ts';

/** Candelas per square metre of the white of SDR within HDR (ITU-R BT.2408). */
const REFERENCE_WHITE = 203;

/** Decodes PQ (ITU-R BT.2100, table 4) to light relative to the reference white. */
function decodePq(code: number): number {
  const power = code ** (32 / 2523);
  const ratio = Math.max(power - 3424 / 4096, 0) / (2413 / 128 - (2392 / 128) * power);
  return (10_000 / REFERENCE_WHITE) * ratio ** (8192 / 1305);
}

/** Decodes HLG (ITU-R BT.2100, table 5) to the light of the scene, 0 to 1. */
const decodeHlg = (code: number) =>
  code <= 0.5 ? code ** 2 / 3 : (Math.exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12;

function decoder(transfer: Transfer): (code: number) => number {
  if (transfer === 'pq') return decodePq;
  if (transfer === 'hlg') return decodeHlg;
  return transfer === 'srgb' ? (code) => toLinear(code * 255) : (code) => code ** transfer.gamma;
}

/** Returns a function that spreads a limited range (H.273, 8.3) to 0 to 1. @param max 255, or 65,535 for samples of 10 or 12 bits */
function spreadRange(max: number): (code: number) => number {
  const [black, white] = max === 255 ? [16 / 255, 235 / 255] : [64 / 1023, 940 / 1023];
  return (code) => Math.min(Math.max((code - black) / (white - black), 0), 1);
}

/** Returns the index of linear light in a table of so many steps; light outside of sRGB is clipped. */
const stepOf = (light: number) => Math.round(Math.min(Math.max(light, 0), 1) * LIGHT_STEPS);

/**
 * Returns the gain by which light is multiplied for a display without headroom (SMPTE ST 2094-50, reference white tone mapping):
 * up to the reference white by one factor, from there by a Bézier curve to the brightest pixel.
 *
 * @param maxLuminance in cd/m²
 */
function toneMapping(maxLuminance: number): (light: number) => number {
  const xMax = maxLuminance / REFERENCE_WHITE;
  if (xMax <= 1) return () => 1;
  const knee = 1 - 0.5 * Math.min(Math.log2(xMax) / Math.log2(1000 / REFERENCE_WHITE), 1);
  const [xMid, yMid] = [0.35 + 0.65 / knee, 0.35 * knee + 0.65];
  const [a, b] = [1 - 2 * xMid + xMax, 2 * (xMid - 1)];
  return (light) => {
    if (light <= 1) return knee;
    const x = Math.min(light, xMax);
    const t = a === 0 ? (x - 1) / b : (-b + Math.sqrt(b * b + 4 * a * (x - 1))) / (2 * a);
    return ((1 - t) ** 2 * knee + 2 * t * (1 - t) * yMid + t ** 2) / light;
  };
}

/** Changes the three linear values of a pixel. */
type Step = (rgb: Float64Array) => void;

function matrixStep(matrix: Matrix): Step {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = matrix;
  return (rgb) => {
    const [red = 0, green = 0, blue = 0] = rgb;
    rgb[0] = a * red + b * green + c * blue;
    rgb[1] = d * red + e * green + f * blue;
    rgb[2] = g * red + h * green + i * blue;
  };
}

/** Returns a step that multiplies a pixel by a factor of it. */
const gainStep =
  (factorOf: (red: number, green: number, blue: number) => number): Step =>
  (rgb) => {
    const [red = 0, green = 0, blue = 0] = rgb;
    const factor = factorOf(red, green, blue);
    rgb[0] = red * factor;
    rgb[1] = green * factor;
    rgb[2] = blue * factor;
  };

/**
 * The opto-optical transfer of HLG for a display of 1000 cd/m² (ITU-R BT.2100, table 5), relative to the reference white, by the
 * light of the scene: a power takes twice the time of all the rest.
 */
function hlgDisplay(): Step {
  const gains = Float64Array.from(
    { length: LIGHT_STEPS + 1 },
    (_, i) => (i / LIGHT_STEPS) ** 0.2 * (1000 / REFERENCE_WHITE),
  );
  return gainStep((red, green, blue) => gains[stepOf(0.2627 * red + 0.678 * green + 0.0593 * blue)] ?? 0);
}

/** Returns the steps from linear light of the source to that of sRGB. Tones are mapped in the primaries of television. */
function stepsFor({ chromaticities, transfer, maxLuminance }: ColourSignal): readonly Step[] {
  if (transfer !== 'pq' && transfer !== 'hlg') return [matrixStep(rgbMatrix(chromaticities, SRGB))];
  const gain = toneMapping(maxLuminance);
  return [
    matrixStep(rgbMatrix(chromaticities, REC_2020)),
    ...(transfer === 'hlg' ? [hlgDisplay()] : []),
    gainStep((red, green, blue) => gain(Math.max(red, green, blue))),
    matrixStep(rgbMatrix(REC_2020, SRGB)),
  ];
}

/** Pixels of 8 or 16 bits a channel, with or without alpha. */
interface Samples {
  readonly data: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** Bytes that the transform of so many pixels holds: samples of 16 bits and their output. */
export const transformMemory = ({ width, height }: Size): number => width * height * 12;

/** Pixels between two turns of the event loop, which take 15 ms at most. */
const SLICE_PIXELS = 100_000;

/** Transforms pixels to sRGB of 8 bits a channel, in slices: 60 ns each, of HDR 150 ns. */
export async function transformColours(samples: Samples, signal: ColourSignal): Promise<Frame> {
  const { data, width, height, channels } = samples;
  const max = data.BYTES_PER_ELEMENT === 1 ? 255 : 65_535;
  const decode = decoder(signal.transfer);
  const rangeOf = (isLimited: boolean) => (isLimited ? spreadRange(max) : (code: number) => code);
  const [range, opacity] = [rangeOf(signal.isLimitedRange), rangeOf(signal.isLimitedAlpha)];
  const light = Float64Array.from({ length: max + 1 }, (_, code) => decode(range(code / max)));
  const steps = stepsFor(signal);
  const encoded = channelByLight();
  const frame: Frame = { data: Buffer.allocUnsafeSlow(width * height * channels), width, height, channels };
  const rgb = new Float64Array(3);
  await forEachSlice(
    frame,
    (fromRow, toRow) => {
      for (let i = fromRow * width * channels; i < toRow * width * channels; i += channels) {
        const alpha = channels === 4 ? (data[i + 3] ?? max) : max;
        const scale = signal.isPremultiplied && alpha > 0 ? max / alpha : 1;
        for (let k = 0; k < 3; k++) rgb[k] = light[Math.min(max, Math.round((data[i + k] ?? 0) * scale))] ?? 0;
        for (const step of steps) step(rgb);
        for (let k = 0; k < 3; k++) frame.data[i + k] = encoded[stepOf(rgb[k] ?? 0)] ?? 0;
        if (channels === 4) frame.data[i + 3] = Math.round(opacity(alpha / max) * 255);
      }
    },
    SLICE_PIXELS,
  );
  return frame;
}
