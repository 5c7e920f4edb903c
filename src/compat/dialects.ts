/** Reads the URLs of other resizers as queries of pixgate. Loaded with the first of them, see `middleware.ts`. Pure. */

import type { ImageResponse } from '../http/event.ts';
import { cloudflare } from './cloudflare.ts';
import { dit } from './dit.ts';
import { imgproxy, repairPath } from './imgproxy.ts';
import { findPair, type SigningPair } from './imgproxy-signature.ts';
import { ipx } from './ipx.ts';
import { next } from './next.ts';
import { type Dialect, NoCounterpart, type OldUrl, type Query, type ResponseContext } from './old-url.ts';
import { imagor, thumbor } from './thumbor.ts';
import { wsrv } from './wsrv.ts';

/**
 * The resizers whose URLs are read, by their names in `COMPAT`. The first that a URL looks like reads it: those with a prefix come
 * first, and Dynamic Image Transformation, which has any path, comes last.
 */
const DIALECTS = { next, cloudflare, ipx, wsrv, imgproxy, thumbor, imagor, dit } as const satisfies Readonly<
  Record<string, Dialect>
>;
export type DialectName = keyof typeof DIALECTS;
export const DIALECT_NAMES = Object.keys(DIALECTS) as readonly DialectName[];

/** A URL of another resizer: its query, or why pixgate has none. */
export interface ReadUrl {
  readonly name: DialectName;
  readonly query?: Query;
  readonly problem?: string;
  readonly wantsOriginal?: boolean;
}

/**
 * Reads a URL.
 *
 * @param names of the resizers that it may be of
 * @returns undefined if it is of none of them
 */
export function readUrl(names: readonly DialectName[], url: OldUrl): ReadUrl | undefined {
  const name = DIALECT_NAMES.find((one) => names.includes(one) && DIALECTS[one].matches(url));
  if (!name) return undefined;
  try {
    const dialect: Dialect = DIALECTS[name];
    return { name, query: dialect.toQuery(url), wantsOriginal: dialect.wantsOriginal?.(url) ?? false };
  } catch (error) {
    if (!(error instanceof NoCounterpart)) throw error;
    return { name, problem: `${name}: ${error.message}` };
  }
}

/** Returns the response of a resizer, by that of pixgate. */
export function toOldResponse(name: DialectName, response: ImageResponse, context: ResponseContext): ImageResponse {
  const dialect: Dialect = DIALECTS[name];
  return dialect.toResponse?.(response, context) ?? response;
}

/**
 * Finds the pair that a URL of imgproxy was signed with.
 *
 * @param path of the request, as the client sent it
 * @returns the index of the pair, or -1
 */
export const findSigner = (path: string, pairs: readonly SigningPair[]): number => findPair(repairPath(path), pairs);
