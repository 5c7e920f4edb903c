/** The formats and qualities that the playground compares. Pure. */
import { imageUrl } from './image-urls.ts';
import { omit } from './parameter-values.ts';
import { formatName } from './response.ts';
import type { State } from './state.ts';

/** From few bytes to no visible difference: each is a column. */
const QUALITIES = ['45', '65', '85'];

/** Sources whose sharp edges and flat areas are often smaller as PNG than as JPEG, without any loss. */
const DRAWN_FORMATS = ['png', 'gif', 'svg', 'bmp', 'ico'];

export interface FormatChoice {
  /** `WebP q=65`, or `PNG`. */
  readonly label: string;
  /** All parameters, with this format and quality. */
  readonly options: Readonly<Record<string, string>>;
  readonly url: string;
}

/** Returns the parameters without those of the format. */
const commonOptions = ({ options }: State) => omit(options, ['f', 'q', 'mb', 'll', 'l', 'af', 'lossless', 'quality']);

const toChoice = (state: State, key: string, label: string, format: Readonly<Record<string, string>>): FormatChoice => {
  const options = { ...commonOptions(state), ...format };
  return { label, options, url: imageUrl({ ...state, options }, key) };
};

/** Returns the lossless output, which the others are compared with. */
export const losslessChoice = (state: State, key: string): FormatChoice => toChoice(state, key, 'PNG', { f: 'png' });

/** Returns JPEG, WebP and AVIF at three qualities; and PNG for a source with transparency, or one that was drawn. */
export function formatChoices(
  state: State,
  key: string,
  source: { readonly format?: string | undefined; readonly alpha?: boolean | undefined },
): FormatChoice[] {
  const lossy = ['jpg', 'webp', 'avif'].flatMap((f) =>
    QUALITIES.map((q) => toChoice(state, key, `${formatName(f)} q=${q}`, { f, q })),
  );
  const suitsPng = source.alpha || DRAWN_FORMATS.includes(source.format ?? '');
  return suitsPng ? [...lossy, losslessChoice(state, key)] : lossy;
}

/** Whether the options of a state are those of a choice, whatever their order. */
export function isChosen({ options }: State, choice: FormatChoice): boolean {
  const names = new Set([...Object.keys(options), ...Object.keys(choice.options)]);
  return [...names].every((name) => options[name] === choice.options[name]);
}
