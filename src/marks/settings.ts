/** Parses the marks of a deployment, `MARKS`, and the mark of a key's policy, by the schema of the query. Pure. */
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { query as validate } from '../../schemas/validators.js';
import { ImageError } from '../errors.ts';
import { parseSourceUrl } from '../fetch/source-url.ts';
import { MARK_PARAMS, type MarkOptions } from '../image/mark.ts';
import { invalidValue } from '../schema.ts';

/** A mark of the configuration, whose file was not read yet. */
export interface MarkSetting {
  readonly name: string;
  /** An http(s), `s3:` or data URL. */
  readonly source: string;
  readonly options: MarkOptions;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks parameters of a query that are given as typed values. @throws TypeError for the first one that is invalid */
function assertParameters(values: Readonly<Record<string, unknown>>): void {
  if (validate({ u: 'x', w: 1, ...values })) return;
  const [, name = ''] = validate.errors?.[0]?.instancePath.split('/') ?? [];
  throw new TypeError(invalidValue(name, querySchema).detail);
}

/**
 * Checks where and how a mark is drawn: `{"mpos": "tile", "malpha": 0.3}`.
 *
 * @throws TypeError that names the parameter, and what it must be
 */
export function parseMarkOptions(values: Readonly<Record<string, unknown>>): MarkOptions {
  const unknown = Object.keys(values).find((name) => !(MARK_PARAMS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new TypeError(`${unknown} is not one of ${MARK_PARAMS.join(', ')}`);
  assertParameters(values);
  return values as MarkOptions;
}

/** Checks a mark of a key's policy: `{"name": "logo", "mscale": 0.3}`. @throws TypeError */
export function parseMarkPolicy({ name, ...options }: Readonly<Record<string, unknown>>) {
  assertParameters({ mark: name });
  return { name: name as string, options: parseMarkOptions(options) };
}

function assertSource(source: unknown): asserts source is string {
  if (typeof source !== 'string' || !/^(?:https?:\/\/|s3:\/\/|data:[^,]*,.)/i.test(source))
    throw new TypeError('source must be an http(s), s3:// or data URL');
  if (/^data:/i.test(source)) return;
  try {
    parseSourceUrl(source);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new TypeError(error.message.replace(/^u /, 'source '));
  }
}

function parseEntry(name: string, entry: unknown): MarkSetting {
  try {
    assertParameters({ mark: name });
    if (!isObject(entry)) throw new TypeError('it must be an object with a source');
    const { source, ...options } = entry;
    assertSource(source);
    return { name, source, options: parseMarkOptions(options) };
  } catch (error) {
    throw new TypeError(`${name.slice(0, 40)}: ${(error as Error).message}`);
  }
}

/**
 * Parses the marks of a deployment: `{"logo": {"source": "s3://brand/logo.svg", "mscale": 0.3}}`.
 *
 * @param text a JSON object of marks by name
 * @throws TypeError that names the mark, and repeats no source
 */
export function parseMarks(text: string): readonly MarkSetting[] {
  let marks: unknown;
  try {
    marks = JSON.parse(text);
  } catch {
    // Without the message of the parser: it quotes a part of the text.
    throw new TypeError('it is not valid JSON');
  }
  if (!isObject(marks)) throw new TypeError('it must be an object of marks by name');
  return Object.entries(marks).map(([name, entry]) => parseEntry(name, entry));
}

/** Checks a mark that is named by a query or a key. @throws ImageError QUERY_INVALID, with the names that there are */
export function assertMarkName(name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const list = names.length ? `: ${names.join(', ')}` : ', which has none';
  throw new ImageError('QUERY_INVALID', `mark must be one of the marks of this deployment${list}`);
}
