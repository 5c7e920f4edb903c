/** Validates the options of a middleware when the function starts: a mistake is seen at deployment, not by a caller. */
import { validateOptions } from '@middy/util';
import schemas from '../../schemas/middlewares.json' with { type: 'json' };

interface OptionsSchema {
  readonly properties: Readonly<Record<string, { readonly default?: unknown }>>;
}

/**
 * Returns the options with their defaults. An option that is `undefined` counts as missing.
 *
 * @param name name of the middleware's factory: the entry of `schemas/middlewares.json`, and the start of the message
 * @throws TypeError that names the option and what it must be
 */
export function checkOptions<T extends object, D extends keyof T = never>(
  name: keyof typeof schemas,
  options: T,
): T & { [K in D]-?: Exclude<T[K], undefined> } {
  const schema = schemas[name];
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(`${name}: options must be an object`);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  try {
    validateOptions(`pixgate/${name}`, schema as Parameters<typeof validateOptions>[1], given);
  } catch (cause) {
    throw new TypeError(`${name}: ${(cause as Error).message}`, { cause });
  }
  const defaults = Object.entries((schema as OptionsSchema).properties).map(([option, rule]) => [option, rule.default]);
  return { ...Object.fromEntries(defaults), ...given };
}
