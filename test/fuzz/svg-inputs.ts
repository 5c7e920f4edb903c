/** Makes SVGs of many kinds, and mutates them: markup, styles, references, entities, encodings. Bounded in size. */
import type { Random } from './random.ts';
import { ATTRIBUTES, CSS, DOCTYPE, ELEMENTS, RAW, WHOLE } from './svg-parts.ts';

/** Maximum characters of an input. */
const MAX_CHARACTERS = 200_000;
/** Inserts one of some parts after one of the places that match. */
const insert =
  (places: RegExp, parts: readonly string[], around = '') =>
  (text: string, random: Random): string => {
    const ends = [...text.matchAll(places)].map(({ 0: match, index }) => index + match.length);
    if (!ends.length) return text;
    const at = random.pick(ends);
    return text.slice(0, at) + around + random.pick(parts) + around + text.slice(at);
  };
/** Mutations that most often leave an SVG well-formed. */
const GENTLE = [
  insert(/<\/?[\w:]+(?: [\w:-]+="[^"<>]*")*\/?>/g, ELEMENTS),
  insert(/<[\w:]+/g, ATTRIBUTES, ' '),
  insert(/style="|[{;]/g, CSS),
  insert(/>/g, ['&e;', '&d;', '&q;', 'a', '&#x4e00;']),
  insert(/="/g, ['&q;', '&e;', 'url(#a)', 'var(--a)']),
];

const MUTATIONS: readonly ((text: string, random: Random) => string)[] = [
  insert(/[<>" ;]?/g, RAW),
  (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + text.slice(at + 1 + random.below(20));
  },
  (text, random) => {
    const at = random.below(text.length + 1);
    const part = text.slice(at, at + 1 + random.below(60));
    const times = Math.min(
      random.pick([1, 2, 9, 200, 3000]),
      Math.floor((MAX_CHARACTERS - text.length) / (part.length + 1)),
    );
    return text.slice(0, at) + part.repeat(Math.max(0, times)) + text.slice(at);
  },
  (text, random) => {
    const numbers = [...text.matchAll(/\d+/g)];
    if (!numbers.length) return text;
    const { 0: old, index } = random.pick(numbers);
    return (
      text.slice(0, index) +
      random.pick(['0', '-1', '1e9', '9'.repeat(30), '0.0001', 'NaN']) +
      text.slice(index + old.length)
    );
  },
  (text, random) => {
    const [from, to, at] = [
      random.below(text.length + 1),
      random.below(text.length + 1),
      random.below(text.length + 1),
    ];
    return (text.slice(0, at) + text.slice(Math.min(from, to), Math.max(from, to)) + text.slice(at)).slice(
      0,
      MAX_CHARACTERS,
    );
  },
];

/** Returns an SVG that is mutated up to eight times, most often gently, in one of several encodings. */
export function makeSvg(random: Random): Buffer {
  let text: string = random.pick(WHOLE);
  if (random.chance(0.33) && !text.includes('<!DOCTYPE')) text = DOCTYPE + text;
  const mutations = random.chance(0.7) ? GENTLE : [...GENTLE, ...MUTATIONS];
  for (let steps = 1 + random.below(8); steps > 0; steps--)
    text = random.pick(mutations)(text, random).slice(0, MAX_CHARACTERS);
  if (random.chance(0.03)) return Buffer.from(`\ufeff${text}`, 'utf16le');
  return Buffer.from(text, random.chance(0.05) ? 'latin1' : 'utf8');
}
