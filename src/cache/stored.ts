/** What the caches store: sources and rendered images, by version. */
import type { CacheHeaders } from '../fetch/body.ts';
import type { CacheDirectives } from '../http/freshness.ts';
import type { Timings } from '../http/headers.ts';
import type { RenderedImage, Source } from '../image/job.ts';

/** Identifies one version of a source. */
export interface SourceVersion {
  /** See `validatorOf`. */
  readonly validator: string;
  /** Cache headers of the origin, names in lower case. */
  readonly headers: CacheHeaders;
  /** See `OriginResponse`: the validator belongs to that URL. */
  readonly finalUrl?: string | undefined;
  /** See `OriginResponse`; undefined for a version that only the client has. */
  readonly redirects?: readonly string[] | undefined;
}

/** A rendered image as it is stored. */
export interface StoredImage extends RenderedImage, SourceVersion {
  readonly caching: CacheDirectives;
  /** Time of rendering or of the last revalidation, in milliseconds since 1970. */
  readonly validatedAt: number;
}

/** A source with its cache directives. */
export interface StoredSource extends Source, SourceVersion {
  readonly caching: CacheDirectives;
  /** Whether decoding failed, or not all of it is there: the origin is asked again as soon as that response has expired. */
  readonly isUndecodable?: boolean | undefined;
}

/** A 304 of the origin: the caller's version is the current one. */
export interface NotModified extends SourceVersion {
  readonly bytes: undefined;
  readonly caching: CacheDirectives;
}

/** A source, and where it came from. */
export interface FoundSource {
  readonly source: StoredSource | NotModified;
  /** `source`: cached, or revalidated; `stale`: cached, and the origin failed; undefined: fetched. */
  readonly cacheStatus: 'source' | 'stale' | undefined;
  /** Milliseconds of the fetch by step, and `bytesIn`. */
  readonly timings: Timings;
}
