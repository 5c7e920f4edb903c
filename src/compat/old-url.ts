/** What the modules of this folder share: one for each resizer whose URLs are read. Pure. */
import type { ImageResponse } from '../http/event.ts';

/** A URL of another resizer, as it was requested. */
export interface OldUrl {
  /** As in the request, percent-encoded; it begins with a slash. */
  readonly path: string;
  /** In their order, decoded. `value` is null when its percent-encoding is invalid. */
  readonly query: readonly { readonly name: string; readonly value: string | null }[];
  /** The query as in the request, where the event has it. */
  readonly search?: string | undefined;
}

/** Parameters of pixgate by their names. Their values are validated later, as those of any request. */
export type Query = Record<string, string>;

/** What a response of another resizer depends on, beside that of pixgate. */
export interface ResponseContext {
  readonly query: Query;
  /** The URL of the source, if it is http(s) and the client named it itself. */
  readonly source: string | undefined;
  /** The code of an error. */
  readonly code: string | undefined;
  /** Whether the client may be redirected to the source, as it has asked for. */
  readonly mayRedirect: boolean;
}

/** How the URLs of one resizer are read. */
export interface Dialect {
  /** Whether a URL is one of that resizer's, by its shape. */
  readonly matches: (url: OldUrl) => boolean;
  /** Returns the same request to pixgate. @throws NoCounterpart */
  readonly toQuery: (url: OldUrl) => Query;
  /** Whether the client asks for a redirect to the source in the place of an error. */
  readonly wantsOriginal?: (url: OldUrl) => boolean;
  /** Returns the response as that resizer sends it; unset: as pixgate does. */
  readonly toResponse?: (response: ImageResponse, context: ResponseContext) => ImageResponse;
}

/** A part of a URL that pixgate has no parameter for, or that is malformed: the message says which. */
export class NoCounterpart extends Error {}

/** Returns a part of a URL for a message: short, and without characters that could be read as markup. */
export const quoted = (text: string): string => text.slice(0, 40).replace(/[^\w.:;,=() -]/g, '?');

/** @throws NoCounterpart */
export function unsupported(part: string): never {
  throw new NoCounterpart(`${quoted(part)} has no counterpart`);
}

/**
 * Refuses a query that a resizer ignores: each would be another cache entry of the same image.
 *
 * @throws NoCounterpart
 */
export function assertNoQuery({ query }: OldUrl): void {
  if (query[0]) throw new NoCounterpart(`${quoted(query[0].name)} is not a parameter`);
}

/** Percent-decodes a part of a path. @throws NoCounterpart if it is not percent-encoded UTF-8 */
export function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new NoCounterpart('the path is not percent-encoded UTF-8');
  }
}

/** Decodes base64 or base64url, with or without padding. @returns undefined if it is neither, or no UTF-8 */
export function decodeBase64(text: string): string | undefined {
  const digits = text.replace(/=+$/, '');
  if (!/^[\w+/-]+$/.test(digits)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(digits, 'base64'));
  } catch {
    return undefined;
  }
}

/**
 * Returns the source of a resizer that has a base for its sources: an absolute URL, or a path below it, which is the short
 * source named `default`.
 */
export const toSource = (text: string): string =>
  /^(?:[a-z][a-z0-9+.-]*:|\/|https?%3a)/i.test(text) ? text : `/${text}`;

/** The query of a request for the source's own size. */
export const OWN_SIZE: Query = { w: '100%' };

/** Names of pixgate's formats by those of others. @throws NoCounterpart */
export function toFormat(name: string): string {
  const format = name
    .toLowerCase()
    .replace(/^jpe?g$/, 'jpg')
    .replace(/^tif$/, 'tiff');
  return /^(?:jpg|png|webp|avif|gif|tiff)$/.test(format) ? format : unsupported(`the format ${name}`);
}

/**
 * Returns a colour in pixgate's notation: of four or eight hexadecimal digits, CSS has the alpha last and pixgate first. Names
 * stay as they are.
 *
 * @param text hexadecimal digits with or without `#`, a CSS name, or `rgb(…)` or `rgba(…)`
 */
export function toColour(text: string): string {
  const hex = /^#?(?:([\da-f]{3})([\da-f])|([\da-f]{6})([\da-f]{2}))$/i.exec(text);
  if (hex) return `${hex[2] ?? hex[4]}${hex[1] ?? hex[3]}`;
  const [, list = ''] = /^rgba?\(([^)]*)\)$/i.exec(text) ?? [];
  if (!list) return text.replace(/^#/, '');
  const [r = '', g = '', b = '', a = '1'] = list.split(/[\s,/]+/).filter(Boolean);
  const channels = [Number(a.replace('%', '')) * (a.endsWith('%') ? 2.55 : 255), Number(r), Number(g), Number(b)];
  if (channels.some((value) => !(value >= 0 && value <= 255))) unsupported(text);
  return channels.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('');
}

/** Returns a share of 0 to 1 as a percentage, with at most four decimals. */
export const toPercent = (share: number): string => `${Number((share * 100).toFixed(4))}%`;
