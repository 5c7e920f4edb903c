/** Parses the marks of a deployment, `MARKS`, and the mark of a key's policy, by the schema of the query. Pure. */
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { ImageError } from '../errors.ts';
import { parseSourceUrl } from '../fetch/source-url.ts';
import type { MarkOptions } from '../image/mark.ts';
import { invalidValue, type PropertySchema } from '../schema.ts';

/** A mark of the configuration, whose file was not read yet. */
export interface MarkSetting {
  readonly name: string;
  /** An http(s), `s3:` or data URL. */
  readonly source: string;
  readonly options: MarkOptions;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const properties: Readonly<Record<string, PropertySchema>> = querySchema.properties;
const PARAMETERS = Object.keys(properties).filter((name) => properties[name]?.dependsOn === 'mark');

/**
 * Whether a typed value is one of a parameter: of a list, of a range of numbers, or of a pattern. Not by the compiled validator,
 * which the authorizer of a usage plan would have to load.
 */
function isValueOf({ type, enum: values, minimum, maximum, pattern }: PropertySchema, value: unknown): boolean {
  if (values) return values.includes(value as string);
  if (typeof value === 'string') return pattern !== undefined && new RegExp(pattern).test(value);
  if (typeof value !== 'number' || (type === 'integer' && !Number.isInteger(value))) return false;
  return minimum !== undefined && maximum !== undefined && value >= minimum && value <= maximum;
}

/** @throws TypeError if a typed value is not one of a parameter of the query */
function assertParameter(name: string, value: unknown): void {
  const property = properties[name];
  if (!property || !isValueOf(property, value)) throw new TypeError(invalidValue(name, querySchema).detail);
}

/**
 * Checks where and how a mark is drawn: `{"mpos": "tile", "malpha": 0.3}`.
 *
 * @throws TypeError that names the parameter, and what it must be
 */
export function parseMarkOptions(values: Readonly<Record<string, unknown>>): MarkOptions {
  const unknown = Object.keys(values).find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) throw new TypeError(`${unknown} is not one of ${PARAMETERS.join(', ')}`);
  for (const [name, value] of Object.entries(values)) assertParameter(name, value);
  return values as MarkOptions;
}

/** Checks a mark of a key's policy: `{"name": "logo", "mscale": 0.3}`. @throws TypeError */
export function parseMarkPolicy({ name, ...options }: Readonly<Record<string, unknown>>) {
  assertParameter('mark', name);
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
    assertParameter('mark', name);
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
