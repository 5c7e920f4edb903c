/** The playground, used with mouse and keyboard. */
import { describe, expect, test } from 'vitest';
import { hasBrowser, settled, textOf, useBrowser } from './chromium.ts';

const { playground, sample, log, other } = useBrowser();

describe.runIf(hasBrowser)('the playground', () => {
  test('shows an output and its size initially', async () => {
    const page = await playground();
    expect(await textOf(page, 'original-info')).toBe('1728 × 1152 WebP');
    expect(await textOf(page, 'output-info')).toBe('640 × 427 WebP');
    expect(await textOf(page, 'difference')).toMatch(/^\d\d % smaller$/);
    expect(await textOf(page, 'cache')).toMatch(/^cache: (?:miss|source|hit)$/);
    expect(await page.locator('#status').textContent()).toContain('640 × 427 WebP');
  });

  test('a click on a sample shows it', async () => {
    const page = await playground();
    await page.getByRole('button', { name: 'landscape.jpg' }).click();
    await expect.poll(() => textOf(page, 'original-info')).toBe('600 × 450 JPEG');
    await expect.poll(() => textOf(page, 'output-info')).toBe('640 × 480 WebP');
    expect(await page.locator('#u').inputValue()).toBe(sample('landscape.jpg'));
    expect(page.url()).toContain('/samples/landscape.jpg&w=640');
  });

  test('a slider moved by keys sends one request for the last value, and each step changes the value', async () => {
    const page = await playground();
    const slider = page.getByRole('slider', { name: 'Width, slider' });
    const before = log.length;
    await slider.focus();
    const values = new Set<string>();
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('ArrowLeft');
      values.add(await page.locator('#p-w').inputValue());
    }
    await settled(page);
    const width = await page.locator('#p-w').inputValue();
    expect(Number(width)).toBeLessThan(400);
    expect(values.size).toBeGreaterThan(9);
    await expect.poll(() => textOf(page, 'output-info')).toMatch(new RegExp(`^${width} ×`));
    expect(log.length - before).toBeLessThanOrEqual(2);
  });

  test('an invalid value shows an error at its field, the previous output stays, and a valid value clears it', async () => {
    const page = await playground();
    const source = await page.locator('#output').getAttribute('src');
    await page.locator('#p-w').fill('wide');
    await page.locator('#p-w').press('Enter');
    await expect.poll(() => page.locator('#w-error').textContent()).toContain('w must be a whole number');
    expect(await page.locator('#p-w').getAttribute('aria-invalid')).toBe('true');
    expect(await textOf(page, 'card')).toContain('Bad Request');
    expect(await page.locator('#output').getAttribute('src')).toBe(source);
    await page.locator('#p-w').fill('200');
    await expect.poll(() => textOf(page, 'output-info')).toMatch(/^200 ×/);
    expect(await page.locator('#w-error').isVisible()).toBe(false);
    expect(await page.locator('#p-w').getAttribute('aria-invalid')).toBeNull();
  });

  test('an error in a closed group opens it', async () => {
    const page = await playground('#u=x.example&w=10&q=0&start=red');
    for (const name of ['q', 'start']) expect(await page.locator(`#${name}-error`).isVisible()).toBe(true);
    expect(await page.locator('#start-error').textContent()).toBe('start needs filt=duotone');
  });

  test('a shared page URL shows the same output, and Back undoes one change', async () => {
    const page = await playground();
    await page.locator('#p-w').fill('300');
    await settled(page);
    await page.locator('#p-fit').selectOption('cover');
    await page.locator('#p-h').fill('300');
    await settled(page);
    const shared = new URL(page.url()).hash;
    const second = await playground(shared);
    expect(await textOf(second, 'output-info')).toBe('300 × 300 WebP');
    expect(await second.locator('#p-fit').inputValue()).toBe('cover');
    await page.goBack();
    await expect.poll(() => page.locator('#p-fit').inputValue()).toBe('');
    await page.goBack();
    await expect.poll(() => page.locator('#p-w').inputValue()).toBe('640');
    await expect.poll(() => textOf(page, 'output-info')).toBe('640 × 427 WebP');
  });

  test('the divider between original and output moves by keyboard and pointer', async () => {
    const page = await playground();
    const divider = page.getByRole('slider', { name: 'Divider between original and output' });
    await divider.focus();
    const position = async () => Number(await divider.getAttribute('aria-valuenow'));
    for (const [key, value] of [
      ['Home', 0],
      ['ArrowRight', 2],
      ['PageUp', 12],
      ['End', 100],
      ['ArrowLeft', 98],
    ] as const) {
      await page.keyboard.press(key);
      expect(await position(), key).toBe(value);
    }
    const box = await page.locator('#frame').boundingBox();
    if (!box) throw new Error('no frame');
    await page.mouse.move(box.x + box.width * 0.9, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.25, box.y + 20, { steps: 4 });
    await page.mouse.up();
    expect(await position()).toBe(25);
    expect(await page.locator('#output').evaluate((image) => getComputedStyle(image).clipPath)).toContain('25%');
  });

  test('an output of another aspect ratio is shown side by side', async () => {
    const page = await playground(`#u=${sample('cat.webp')}&w=200&h=200&fit=cover`);
    expect(await page.locator('#view').getAttribute('data-mode')).toBe('side');
    expect(await page.getByRole('radio', { name: 'Split' }).isDisabled()).toBe(true);
  });

  test('a missing source shows the error of the API', async () => {
    const page = await playground(`#u=${other().url}/none.jpg&w=100`);
    expect(await textOf(page, 'card')).toMatch(/Not Found\s+404 SOURCE_NOT_FOUND/);
    expect(await page.locator('#status').textContent()).toContain('Not Found');
  });
});
