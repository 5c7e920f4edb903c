import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MAX_BYTES, mutate } from './mutations.ts';
import { fuzzOptions } from './options.ts';
import { createRandom } from './random.ts';
import { structureOf } from './structure.ts';

const folder = new URL('../fixtures/cases/files/', import.meta.url);
const files = readdirSync(folder)
  .map((name) => ({ name, bytes: readFileSync(new URL(name, folder)) }))
  .filter(({ bytes }) => bytes.length > 0 && bytes.length < 100_000);
const fileOf = (name: string) => readFileSync(new URL(name, folder));

test('an input is made again from its seed and number; another number makes another one', () => {
  const file = fileOf('std-photo.jpg');
  const made = (seed: number, index: number) => mutate(file, createRandom(seed, index));
  for (let i = 0; i < 50; i++) expect(made(7, i).equals(made(7, i))).toBe(true);
  expect(new Set(Array.from({ length: 200 }, (_, i) => made(7, i).toString('latin1'))).size).toBeGreaterThan(190);
  expect(made(7, 1).equals(made(8, 1))).toBe(false);
});

test('a mutated file is bounded, and the original is left as it is', () => {
  for (const { name, bytes } of files) {
    const before = Buffer.from(bytes);
    for (let i = 0; i < 40; i++) {
      const { length } = mutate(bytes, createRandom(1, i));
      expect(length, name).toBeGreaterThan(0);
      expect(length, name).toBeLessThanOrEqual(Math.max(MAX_BYTES, bytes.length + 1000));
    }
    expect(bytes.equals(before), name).toBe(true);
  }
});

test.each([
  ['std-photo.jpg', 0],
  ['std-quad.png', 2],
  ['A13-three.webp', 3],
  ['O12-irot.avif', 5],
  ['A01-three.gif', 3],
  ['F06-two-page.tif', 5],
  ['F03-plain.bmp', 16],
  ['F01-bmp.ico', 16],
])('the structure of %s is found', (name, minParts) => {
  const bytes = fileOf(name);
  const { fields, parts } = structureOf(bytes);
  expect(fields.length).toBeGreaterThan(3);
  expect(parts.length).toBeGreaterThan(minParts);
  for (const { at, bytes: size } of fields) expect(at + size).toBeLessThanOrEqual(bytes.length);
  for (const { end } of parts) expect(end).toBeLessThanOrEqual(bytes.length);
});

test('the sides of an image are among the fields', () => {
  const fieldsOf = (name: string) => structureOf(fileOf(name)).fields.map(({ at }) => at);
  expect(fieldsOf('std-quad.png')).toEqual(expect.arrayContaining([16, 20]));
  expect(fieldsOf('A01-three.gif')).toEqual(expect.arrayContaining([6, 8]));
  expect(fieldsOf('F03-plain.bmp')).toEqual(expect.arrayContaining([18, 22]));
  expect(fieldsOf('F01-bmp.ico')).toEqual(expect.arrayContaining([18, 26, 30]));
});

test('options', () => {
  expect(fuzzOptions(['--minutes', '3', '--seed', '5'])).toEqual({
    inputs: Number.POSITIVE_INFINITY,
    minutes: 3,
    only: '',
    seed: 5,
    first: 0,
  });
  expect(fuzzOptions(['--inputs', '200000'])).toMatchObject({ inputs: 200_000, minutes: Number.POSITIVE_INFINITY });
  expect(fuzzOptions([]).minutes).toBe(2);
  for (const wrong of [['--seed', 'x'], ['--inputs', '-1'], ['--other']]) expect(() => fuzzOptions(wrong)).toThrow();
});
