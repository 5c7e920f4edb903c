/** Generates random queries that the schema allows. */
import fc from 'fast-check';

/** Generates a valid value of a parameter, as written in a query. */
export function anyValueOf(property: Record<string, unknown>, name: string): fc.Arbitrary<string> {
  const {
    enum: members,
    minimum,
    maximum,
    type,
    format,
  } = property as { enum?: string[]; minimum?: number; maximum?: number; type: string | string[]; format?: string };
  if (name === 'r') return fc.constantFrom('max', '1', '30', '8192');
  if (members) return fc.constantFrom(...members);
  if (format === 'colour')
    return fc.constantFrom('red', '80ff0000', 'abc', '1abc', 'transparent', ...((property.keywords as string[]) ?? []));
  if (['w', 'h'].includes(name))
    return fc.oneof(fc.integer({ min: 1, max: 300 }).map(String), fc.constantFrom('50%', '100%', '1%'));
  if (name === 'exp') return fc.constantFrom('4000000000');
  if (minimum !== undefined && maximum !== undefined) {
    const numbers = [type].flat().includes('integer')
      ? fc.integer({ min: minimum, max: Math.max(minimum, Math.min(maximum, 400)) })
      : fc.double({ min: minimum, max: Math.min(maximum, 40), noNaN: true });
    return numbers
      .filter((value) => value !== 0 || name !== 'n')
      .map((value) => (Number.isInteger(value) ? String(value) : value.toFixed(6)));
  }
  if (type === 'boolean') return fc.constantFrom('1', '0');
  return fc.constantFrom(
    {
      ar: '16:9',
      mod: '1.2,0.5,90',
      pad: '5,10%',
      filename: 'a',
      maxage: '1d',
      default: '1',
      defaultfor: 'timeout',
      encoding: 'base64',
    }[name] ?? 'x',
  );
}
