/** How wsrv.nl reads the values of its parameters: what is invalid is ignored. Pure. */

import colours from 'color-name';
import { parseDuration } from '../http/freshness.ts';

/** Returns a value of pixgate; undefined for one that wsrv.nl ignores. */
export type Read = (text: string) => string | undefined;

/** A number as C's `strtod` reads it: what follows the digits is ignored. */
export const toNumber = (text: string) => Number(/^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)/.exec(text)?.[0] ?? Number.NaN);

/** Writes a number from 0 without an exponent, which pixgate does not read: what needs one is as good as 0. */
const toText = (value: number) => (value < 1e-6 ? '0' : String(value));

export const number =
  (min: number, max: number): Read =>
  (text) => {
    const value = toNumber(text);
    return value >= min && value <= max ? toText(value) : undefined;
  };

/** A number from 0 that has no limit there, but for its size. */
export const amount =
  (max: number): Read =>
  (text) => {
    const value = toNumber(text);
    return value >= 0 && value <= 1e6 ? toText(Math.min(max, value)) : undefined;
  };

export const integer =
  (min: number, max: number): Read =>
  (text) => {
    const value = Math.trunc(toNumber(text));
    return value >= min && value <= max ? String(value) : undefined;
  };

/** The strength of an effect: 0 is none, and any other value, or none, that of its default. */
export const effect =
  (min: number, max: number): Read =>
  (text) => {
    const value = toNumber(text);
    return value === 0 ? undefined : (number(min, max)(text) ?? '');
  };

/** Whole degrees, of any number of turns. */
export const degrees: Read = (text) => {
  const value = Math.trunc(toNumber(text)) % 360;
  return Number.isNaN(value) ? undefined : String(value || 0);
};

/** A length in pixels or a percentage, whose sign may be percent-encoded once more. Longer ones are invalid. */
export const length =
  (min: 0 | 1, max: number): Read =>
  (text) => {
    const [, percentage] = /^(.*?)%(?:25)?$/.exec(text) ?? [];
    if (percentage === undefined) return integer(min, max)(text);
    const share = toNumber(percentage);
    return share <= 100 && (share >= 1e-6 || (share === 0 && min === 0)) ? `${share}%` : undefined;
  };

/** Any value but `0` and `false` switches it on. */
export const flag: Read = (text) => (text === '0' || text === 'false' ? undefined : '1');

export const oneOf =
  (names: string): Read =>
  (text) =>
    names.split(' ').includes(text) ? text : undefined;

export const colour: Read = (text) => {
  const name = text.toLowerCase().replace(/^#/, '');
  const isColour =
    /^(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/.test(name) || name === 'transparent' || Object.hasOwn(colours, name);
  return isColour ? name : undefined;
};

/** A time of at least a day and at most a year, in seconds without a unit. */
export const maxAge: Read = (text) => {
  const [, count = '', unit = ''] = /^([1-9]\d{0,7})([smhdwMy]?)$/.exec(text) ?? [];
  const duration = count + (unit || 's');
  const seconds = parseDuration(duration);
  return seconds >= parseDuration('1d') && seconds <= parseDuration('1y') ? duration : undefined;
};

/** A name that is safe in a header, without the extension of an image, which the format gives. */
export const fileName: Read = (text) =>
  text
    .replace(/\.(?:jpe?g|png|gif|webp|avif|tiff?|svg|bmp|ico|heic)$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, 78) || undefined;

/** Delays of frames in milliseconds. Those of less than 20 are 100, as browsers show them. */
export const delays: Read = (text) => {
  const list = text
    .split(',')
    .filter(Boolean)
    .map((item) => Math.trunc(toNumber(item)));
  if (!list.length || list.some((delay) => !(delay >= 0))) return undefined;
  return list
    .slice(0, 1000)
    .map((delay) => (delay < 20 ? 100 : Math.min(delay, 65_535)))
    .join();
};

/** The URL of another image. */
export const fallback: Read = (text) => {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text.replace(/^(?:ssl:|\/\/)/, '')}`);
  return url && /^https?:$/.test(url.protocol) && url.hostname.includes('.') ? text : undefined;
};
