/** Presets: sets of parameters that a deployment names. Pure. */
import type { InvalidParameter } from '../errors.ts';
import { aliasMap, type QuerySchema } from '../schema.ts';
import { readParameters } from './query-schema.ts';
import type { Presets } from './types.ts';

/**
 * Returns a function that adds the parameters of the requested preset to those of the query: a parameter of the query wins.
 *
 * @param check validates the values of a preset
 * @throws TypeError if a preset is invalid, so that the deployment does not start
 */
export function presetReader(
  presets: Presets | undefined,
  schema: QuerySchema,
  check: (values: Record<string, unknown>) => readonly InvalidParameter[],
) {
  const presetsByName = new Map<unknown, Record<string, unknown>>();
  const aliases = aliasMap(schema);
  const { queries = {}, only } = presets ?? {};
  for (const [name, query] of Object.entries(queries)) {
    const parameters = [...new URLSearchParams(query)].map(([key, value]) => ({ name: key, value }));
    const { values, invalid } = readParameters(parameters, schema, aliases);
    const errors = [...invalid, ...check({ ...values })];
    if (errors[0])
      throw new TypeError(`The preset ${name} is invalid: ${errors.map(({ detail }) => detail).join('; ')}`);
    // A list of a preset is shared by requests.
    for (const value of Object.values(values)) Object.freeze(value);
    presetsByName.set(name, values);
  }
  const names = presetsByName.size ? `: ${[...presetsByName.keys()].join(', ')}` : ', which has none';

  return (values: Record<string, unknown>, given: Set<string>): InvalidParameter[] => {
    if (only && !given.has('p'))
      return [{ parameter: 'p', detail: 'p is required: this deployment allows presets only' }];
    const others = only ? [...given].filter((name) => !only.includes(name)) : [];
    if (others.length)
      return others.map((parameter) => ({
        parameter,
        detail: `${parameter} is not allowed: this deployment allows presets only`,
      }));
    if (values.p === undefined) return [];
    const preset = presetsByName.get(values.p);
    if (!preset) return [{ parameter: 'p', detail: `p must be one of the presets of this deployment${names}` }];
    for (const [name, value] of Object.entries(preset)) {
      values[name] ??= value;
      given.add(name);
    }
    return [];
  };
}
