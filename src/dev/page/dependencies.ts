/** Which parameters have an effect beside which others, so that the form makes no request that the API rejects. Pure. */
import schema from '../../../schemas/query.json' with { type: 'json' };
import { type DocumentedProperty, isDependencyMet, readValue } from '../../schema.ts';

type Options = Readonly<Record<string, string>>;

const PROPERTIES = schema.properties as Readonly<Record<string, DocumentedProperty>>;

/** Returns the typed values of all parameters: those of the options, and the defaults of the others. */
const typedValues = (options: Options) =>
  Object.fromEntries(
    Object.entries(PROPERTIES).map(([name, property]) => {
      const text = options[name];
      return [name, text === undefined ? property.default : readValue(text, property)];
    }),
  );

/** Returns whether the parameter would have an effect: `start` only with `filt=duotone`. */
export function hasEffect(name: string, options: Options): boolean {
  const dependsOn = PROPERTIES[name]?.dependsOn;
  return dependsOn === undefined || isDependencyMet(dependsOn, typedValues(options));
}

/** A parameter, or a value of it, that another one needs. */
export interface Need {
  readonly name: string;
  readonly value: string | undefined;
}

/** Returns the alternatives of `dependsOn`: `fit=contain or pad` → `fit` with its value, `pad` with any. */
export const needsOf = (dependsOn: string): readonly Need[] =>
  dependsOn.split(' or ').map((need) => {
    const [name = '', value] = need.split('=');
    return { name, value };
  });

/** The alternatives of which a request needs one: a size, or a format of text. */
const SIZES = schema.anyOf.map(({ required: [name = ''], properties }) => ({ name, values: properties?.f.enum }));
export const SIZE_NAMES: readonly string[] = SIZES.filter(({ values }) => !values).map(({ name }) => name);

/** The value of `w` that keeps the size of the source. */
const FULL_SIZE = '100%';

/**
 * Returns the options after a change of one, without those that have lost what they need, and with a size.
 *
 * @param value empty if the parameter is unset
 */
export function withChange(options: Options, name: string, value: string): Options {
  const { [name]: _, ...others } = options;
  const changed = value === '' ? others : { ...others, [name]: value };
  const remaining = Object.entries(changed).filter(
    ([other]) => hasEffect(other, changed) || !hasEffect(other, options),
  );
  const next: Options = Object.fromEntries(remaining);
  const hasSize = SIZES.some((size) => {
    const given = next[size.name];
    return given !== undefined && (size.values?.includes(given) ?? true);
  });
  return hasSize || next.p !== undefined ? next : { ...next, w: FULL_SIZE };
}
