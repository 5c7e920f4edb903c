/** Sets of parameters that a deployment gives names to. */
import type { InvalidParameter } from '../errors.ts';
import { aliasMap, type QuerySchema } from '../schema.ts';
import { readParameters } from './query-schema.ts';
import type { Presets } from './types.ts';

/**
 * What puts the parameters of a preset beside those that were given.
 *
 * @throws TypeError when a preset has a fault, so that the deployment does not start
 */
export function presetReader(
  presets: Presets | undefined,
  schema: QuerySchema,
  check: (values: Record<string, unknown>) => readonly InvalidParameter[],
) {
  const sets = new Map<unknown, Record<string, unknown>>();
  const names = aliasMap(schema);
  const { queries = {}, only } = presets ?? {};
  for (const [name, query] of Object.entries(queries)) {
    const parameters = [...new URLSearchParams(query)].map(([key, value]) => ({ name: key, value }));
    const { values, faults } = readParameters(parameters, schema, names);
    faults.push(...check({ ...values }));
    if (faults[0]) throw new TypeError(`The preset ${name} is wrong: ${faults.map(({ detail }) => detail).join('; ')}`);
    sets.set(name, values);
  }
  return (values: Record<string, unknown>, given: Set<string>): InvalidParameter[] => {
    const name = values.p;
    if (only && !given.has('p'))
      return [{ parameter: 'p', detail: 'p is required: this deployment makes presets only' }];
    const others = only && [...given].filter((one) => !only.includes(one));
    if (others?.length)
      return others.map((parameter) => ({
        parameter,
        detail: `${parameter} is not allowed: this deployment makes presets only`,
      }));
    if (name === undefined) return [];
    const set = sets.get(name);
    if (!set)
      return [
        {
          parameter: 'p',
          detail: `p must be one of the presets of this deployment${sets.size ? `: ${[...sets.keys()].join(', ')}` : ', which has none'}`,
        },
      ];
    for (const [key, value] of Object.entries(set)) {
      values[key] ??= value;
      given.add(key);
    }
    return [];
  };
}
