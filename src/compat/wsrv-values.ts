/** How wsrv.nl reads the values of its parameters: what is invalid is ignored. Pure. */
import colours from 'color-name';

/** Returns a value of pixgate; undefined for one that wsrv.nl ignores. */
export type Read = (text: string) => string | undefined;

/** A number as C's `strtod` reads it: what follows the digits is ignored. */
const toNumber = (text: string) => Number(/^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)/.exec(text)?.[0] ?? Number.NaN);

/** @param bare the value of a parameter without one */
export const number =
  (min: number, max: number, bare?: string): Read =>
  (text) => {
    const value = toNumber(text);
    return value >= min && value <= max ? String(value) : text === '' ? bare : undefined;
  };

export const integer =
  (min: number, max: number, bare?: string): Read =>
  (text) => {
    const value = Math.trunc(toNumber(text));
    return value >= min && value <= max ? String(value) : text === '' ? bare : undefined;
  };

/** A length in pixels or a percentage, whose sign may be percent-encoded once more. */
export const length =
  (min: 0 | 1): Read =>
  (text) => {
    const [, percentage] = /^(.*?)%(?:25)?$/.exec(text) ?? [];
    if (percentage === undefined) return integer(min, Number.MAX_SAFE_INTEGER)(text);
    const share = toNumber(percentage);
    return share <= 100 && (share > 0 || (share === 0 && min === 0)) ? `${share}%` : undefined;
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

/** Time in days, weeks, months and years, of at least a day and at most a year. */
export const maxAge: Read = (text) => {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([dwMy])$/.exec(text) ?? [];
  const days = Number(count) * ({ d: 1, w: 7, M: 30, y: 365 }[unit] ?? Number.NaN);
  return days <= 365 ? text : days > 365 ? '1y' : undefined;
};

/** A name that is safe in a header, without the extension of an image, which the format gives. */
export const fileName: Read = (text) =>
  text
    .replace(/\.(?:jpe?g|png|gif|webp|avif|tiff?|svg|bmp|ico|heic)$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, 78) || undefined;
