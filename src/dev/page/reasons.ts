/** Says why an output is as it is, by the plan that `f=json&explain` returns. Pure. */
import type { Size } from '../../image/size.ts';
import { withChange } from './dependencies.ts';
import { formatName } from './response.ts';

/** Media types of outputs that can be animated. */
const ANIMATED = ['image/webp', 'image/gif'];

/** The response to `f=json&explain`, as far as it says why; see `Facts` in openapi.json. */
export interface Explanation extends Size {
  readonly format: string;
  readonly orientation: number;
  readonly alpha: boolean;
  readonly pages: number;
  readonly truncated?: boolean;
  readonly plan: Size & {
    readonly format: string;
    readonly pages: number;
    readonly quarters: number;
    readonly angle: number;
    readonly scaled: Size;
    readonly before?: Size;
    readonly cover?: Size & { readonly strategy?: string };
    readonly contain?: Size;
    readonly after?: Size;
    readonly border?: Size;
  };
}

/** Returns the options of the request for the plan of an output: without those that `f=json` does not take, such as `mb`. */
export const explanationOptions = (options: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  ...withChange(options, 'f', 'json'),
  explain: '1',
});

const sizeText = ({ width, height }: Size) => `${width} × ${height} px`;

/** Says how the size of the image is changed, from `from` to that of `scaled`. */
function scalingReason(from: Size, scaled: Size): string {
  if (from.width === scaled.width && from.height === scaled.height) return 'It is not scaled.';
  const percent = Math.round((scaled.width / from.width) * 100);
  const text = `It is scaled to ${sizeText(scaled)}, ${percent} % of its width.`;
  return percent > 100 ? `${text} It is enlarged; with we=1 it is not.` : text;
}

/** Says why the output has its format: by a parameter, or by what the client accepts and the image needs. */
function formatReason({ alpha, plan }: Explanation, options: Readonly<Record<string, string>>, type: string): string {
  const name = formatName(type);
  if (options.f !== undefined && options.f !== 'auto') return `It is ${name}, because of f=${options.f}.`;
  const kind = plan.pages > 1 ? 'is animated' : alpha ? 'has transparency' : 'has no transparency';
  return `It is ${name}: f=auto chooses by what this browser accepts, and the source ${kind}.`;
}

/**
 * Returns a sentence for each step from the source to the output.
 *
 * @param options those of the request
 * @param type the media type of the output
 */
export function reasonsFor(
  explanation: Explanation,
  options: Readonly<Record<string, string>>,
  type: string,
): string[] {
  const { orientation, plan } = explanation;
  const rotated = plan.quarters % 2 ? { width: explanation.height, height: explanation.width } : explanation;
  const isAnimated = ANIMATED.includes(type) && plan.pages > 1;
  const frames = isAnimated ? `${plan.pages} are` : 'one is';
  const steps: readonly (string | false | undefined)[] = [
    `The source: ${formatName(explanation.format)}, ${sizeText(explanation)}${explanation.truncated ? '; it ends early' : ''}.`,
    orientation > 1 && 'Its EXIF orientation is applied: it is upright.',
    explanation.pages > 1 && `Of its ${explanation.pages} frames or pages, ${frames} in the output.`,
    options.trim !== undefined && 'Its uniform border is trimmed.',
    plan.quarters > 0 && `It is rotated by ${90 * plan.quarters}°.`,
    plan.before && `It is cropped to ${sizeText(plan.before)}.`,
    scalingReason(plan.before ?? rotated, plan.scaled),
    plan.cover &&
      `It is cropped to ${sizeText(plan.cover)}${plan.cover.strategy ? ` (a=${plan.cover.strategy})` : ''}.`,
    plan.contain && `It is placed in a box of ${sizeText(plan.contain)}.`,
    plan.after && `It is cropped to ${sizeText(plan.after)}.`,
    plan.angle !== 0 && `It is rotated by ${plan.angle}°.`,
    plan.border && `With its border it has ${sizeText(plan.border)}.`,
    formatReason(explanation, options, type),
  ];
  return steps.filter((step) => typeof step === 'string');
}
