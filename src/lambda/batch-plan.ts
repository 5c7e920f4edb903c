/** Plans the outputs of one source that the batch function writes: one for each cache entry that a request may read. Pure. */
import { type DerivedQuery, variesOnAccept } from '../cache/key.ts';
import type { Config } from '../config.ts';
import { ImageError } from '../errors.ts';
import { MAX_STREAMED_BYTES } from '../http/event.ts';
import type { Mark } from '../image/mark.ts';
import { maxImageBytes } from '../middlewares/response-limit.ts';
import { compileQuery, queryInvalid, type ValidateQuery } from '../middlewares/validate-query.ts';
import { queryRules } from '../query-rules.ts';
import type { BatchJob } from './batch-events.ts';
import { acceptHeaders, presetParameters, splitPresets } from './batch-presets.ts';

/** An image of a source, as a request asks for it. */
export interface PlannedImage {
  readonly query: DerivedQuery;
  readonly accept: string;
  readonly maxResponseBytes: number;
}

/** What the plans of a function have in common. */
export interface PlanSettings {
  /** `thumb`, or `thumb@2x`. */
  readonly presets: readonly string[];
  readonly validateQuery: ValidateQuery;
  readonly derive: (values: unknown) => DerivedQuery;
  /** `Accept` headers: one for each image that `f=auto` may choose. */
  readonly accepts: readonly string[];
  /** Bytes that a response of each entry point may have: a part of the cache key. */
  readonly limits: readonly number[];
}

/** @throws TypeError for a preset that does not exist, or is no complete request by itself, so that the function does not start */
export function planSettings(config: Config, loadedMarks: readonly Mark[] = []): PlanSettings {
  const { batchResponses: responses, batchPresets, presets, avifAuto } = config;
  const rules = queryRules(config, new Map(loadedMarks.map((mark) => [mark.name, mark])));
  const settings = {
    presets: batchPresets === undefined ? Object.keys(presets) : splitPresets(batchPresets),
    validateQuery: compileQuery(rules),
    derive: rules.derive,
    accepts: acceptHeaders(avifAuto === 'on'),
    limits: [
      ...(responses === 'buffered' ? [] : [MAX_STREAMED_BYTES]),
      ...(responses === 'streamed' ? [] : [maxImageBytes({})]),
    ],
  };
  if (!settings.presets.length) throw new TypeError('The batch function needs PRESETS: it renders nothing else.');
  for (const name of settings.presets)
    try {
      planImages({ u: 'https://example.com/', presets: name, isNew: false }, settings);
    } catch (error) {
      throw new TypeError(`BATCH_PRESETS may not have ${name}: ${(error as Error).message}`);
    }
  return settings;
}

/**
 * Returns the images of a source: of each preset, for each `Accept` header on which the preset depends, and each entry point.
 *
 * @throws ImageError QUERY_INVALID of the source or a preset
 */
export function planImages({ u, v, presets }: BatchJob, settings: PlanSettings): PlannedImage[] {
  const names = presets === undefined ? settings.presets : splitPresets(presets);
  if (!names.length) throw new ImageError('QUERY_INVALID', 'There are no presets to render.');
  return names.flatMap((name) => {
    const parameters = { u, v, ...presetParameters(name) };
    const given = Object.entries(parameters).flatMap(([key, value]) =>
      value === undefined ? [] : [{ name: key, value }],
    );
    const { values, errors } = settings.validateQuery(given);
    if (errors.length) throw queryInvalid(errors);
    const query = settings.derive(values);
    const accepts = variesOnAccept(query.options) ? settings.accepts : [''];
    return settings.limits.flatMap((maxResponseBytes) =>
      accepts.map((accept) => ({ query, accept, maxResponseBytes })),
    );
  });
}
