/** Alignments of pixgate by those of others: the words of sharp, which some pass on, and imgproxy's. Pure. */
import { unsupported } from './old-url.ts';

const WORDS: Readonly<Record<string, string>> = {
  north: 'top',
  northeast: 'top-right',
  east: 'right',
  southeast: 'bottom-right',
  south: 'bottom',
  southwest: 'bottom-left',
  west: 'left',
  northwest: 'top-left',
  'right top': 'top-right',
  'right bottom': 'bottom-right',
  'left bottom': 'bottom-left',
  'left top': 'top-left',
  centre: 'center',
};
const OWN = /^(?:center|top|right|bottom|left|entropy|attention)$/;

/** Places by those of imgproxy. */
export const PLACE_NAMES: readonly (readonly [name: string, place: string])[] = [
  ['ce', 'center'],
  ['no', 'top'],
  ['so', 'bottom'],
  ['ea', 'right'],
  ['we', 'left'],
  ['noea', 'top-right'],
  ['nowe', 'top-left'],
  ['soea', 'bottom-right'],
  ['sowe', 'bottom-left'],
];

/** @throws NoCounterpart */
export function toPosition(text: string): string {
  const word = text.toLowerCase().replace(/[-_+]/g, ' ');
  return Object.hasOwn(WORDS, word) ? (WORDS[word] ?? '') : OWN.test(word) ? word : unsupported(`the position ${text}`);
}
