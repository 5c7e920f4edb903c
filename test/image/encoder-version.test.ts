/**
 * Guards `encoderVersion`, which is part of every cache key: when encoder settings change and it does not, caches keep
 * serving images of the old settings. Settings are compared, not bytes: those differ between processors.
 */
import { createHash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { type EncodeOptions, encode } from '../../src/image/encode.ts';
import type { OutputFormat } from '../../src/image/negotiate.ts';
import { choosePngSettings } from '../../src/image/png-filters.ts';
import { encoderVersion } from '../../src/image/resize.ts';
import { optionsOf } from '../requests.ts';

/** To be recorded again after the first number of `encoderVersion` is raised. */
const RECORDED = { version: 14, hash: '99ff1460ebed0720' };

const FORMATS: readonly OutputFormat[] = ['jpg', 'png', 'webp', 'avif', 'gif', 'tiff'];
const OPTIONS: readonly Partial<EncodeOptions>[] = [{}, { q: 30 }, { ll: true }, { il: true }, { l: 9 }, { af: true }];
const TIMINGS = [undefined, { delay: [50, 70], loop: 2 }];

const pipeline = () => sharp({ create: { width: 2, height: 2, channels: 3, background: '#000' } });
const settingsOf = (image: Sharp) => (image as unknown as { options: Record<string, unknown> }).options;

/** The settings that an encoder has changed from sharp's defaults: an update of sharp adds none. */
function changedSettings(image: Sharp): [string, unknown][] {
  const defaults = settingsOf(pipeline());
  return Object.entries(settingsOf(image))
    .filter(([name, value]) => name !== 'input' && JSON.stringify(value) !== JSON.stringify(defaults[name]))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** All settings, by format, effort, options and timing; and those of a PNG that are chosen by its pixels. */
function allSettings() {
  const photograph = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 37) % 256));
  const frames = [photograph, Buffer.alloc(300)].map((data) => ({ data, width: 10, height: 10, channels: 3 as const }));
  return {
    encoders: FORMATS.flatMap((format) =>
      (['full', 'low'] as const).flatMap((effort) =>
        OPTIONS.flatMap((options) =>
          TIMINGS.map((timing) => [
            `${format} ${effort} ${JSON.stringify(options)} ${JSON.stringify(timing)}`,
            changedSettings(encode(pipeline(), format, optionsOf(options), timing, effort)),
          ]),
        ),
      ),
    ),
    png: frames.map((frame) => choosePngSettings({ af: false }, frame)),
  };
}

test('encoderVersion changes with the encoder settings', () => {
  const hash = createHash('sha256').update(JSON.stringify(allSettings())).digest('hex').slice(0, 16);
  const [version] = encoderVersion.split(' ').map(Number);
  expect({ version, hash }, 'Encoder settings changed: raise the first number of encoderVersion, then record').toEqual(
    RECORDED,
  );
});

test('every encoder has settings', () => {
  for (const [name, settings] of allSettings().encoders) expect(settings?.length, `${name}`).toBeGreaterThan(0);
});
