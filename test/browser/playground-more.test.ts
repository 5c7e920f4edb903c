/** The playground: text outputs, other servers, and where keys are stored. */
import { describe, expect, test } from 'vitest';
import { startServer } from '../../src/dev/server.ts';
import { testConfig } from '../requests.ts';
import { hasBrowser, settled, textOf, useBrowser } from './chromium.ts';

const { playground, open, sample, origin } = useBrowser();

describe.runIf(hasBrowser)('the playground', () => {
  test('f=json with explain is a card with the source info and the plan', async () => {
    const page = await playground(`#u=${sample('turned.jpg')}&w=300&f=json&explain=1`);
    const card = await textOf(page, 'card');
    expect(card).toMatch(/orientation6/);
    expect(card).toContain('Plan');
    expect(card).toMatch(/scaled300 × 200/);
    expect(await page.locator('#snippet-img').isVisible()).toBe(false);
    expect(await page.locator('#snippet-curl').isVisible()).toBe(true);
  });

  test('why an output is as it is: requested when it is opened, and with each change while it is open', async () => {
    const page = await playground(`#u=${sample('landscape.jpg')}&w=300`);
    const requests: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('explain=1')) requests.push(request.url());
    });
    await page.getByText('Why this output').click();
    await page.getByText('It is scaled to 300 × 225 px, 50 % of its width.').waitFor();
    await page.locator('#p-w').fill('900');
    await page.getByText('It is enlarged; with we=1 it is not.').waitFor();
    expect(requests).toHaveLength(2);
    await page.locator('#p-w').fill('99999');
    await page.keyboard.press('Enter');
    await page.getByText('Why this output').waitFor({ state: 'hidden' });
  });

  test.each([
    ['blurhash', /^[\w#$%*+,\-.:;=?@[\]^{|}~]{20,}$/],
    ['color', /^#[0-9a-f]{6}$/],
    ['lqip', /^data:image\/webp;base64,/],
  ])('%s is a text with a copy button', async (f, form) => {
    const page = await playground(`#u=${sample('cat.webp')}&f=${f}`);
    expect(await page.getByRole('textbox', { name: f }).textContent()).toMatch(form);
    await page.getByRole('button', { name: `Copy: ${f}` }).waitFor();
  });

  test.each(['blurhash', 'thumbhash'])('%s is drawn: it has the colours and the shape of the source', async (f) => {
    const page = await playground(`#u=${sample('turned.jpg')}&f=${f}`);
    const canvas = page.getByRole('img', { name: `Preview of the ${f}` });
    const drawn = await canvas.evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const context = (element as HTMLCanvasElement).getContext('2d');
      return { ratio: width / height, data: [...(context?.getImageData(0, 0, width, height).data ?? [])] };
    });
    // A ThumbHash has its ratio in sevenths.
    expect(Math.abs(drawn.ratio - 1.5)).toBeLessThan(0.15);
    // The mean of each channel, compared with that of the image in one pixel.
    const mean = [0, 1, 2].map((channel) => {
      const values = drawn.data.filter((_, i) => i % 4 === channel);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    });
    const source = await page.locator('#original').evaluate(async (image) => {
      const context = new OffscreenCanvas(1, 1).getContext('2d');
      const bitmap = await createImageBitmap(image as HTMLImageElement, {
        resizeWidth: 1,
        resizeHeight: 1,
        resizeQuality: 'high',
      });
      context?.drawImage(bitmap, 0, 0);
      return [...(context?.getImageData(0, 0, 1, 1).data ?? [])];
    });
    for (const [channel, value] of mean.entries()) expect(Math.abs(value - (source[channel] ?? 0))).toBeLessThan(30);
  });

  test('a search shows the matching fields and opens their groups', async () => {
    const page = await playground();
    await page.getByRole('searchbox').fill('greyscale');
    expect(await page.locator('.field:visible').count()).toBe(1);
    await page.locator('#p-filt').selectOption('greyscale');
    await expect.poll(() => page.url()).toContain('filt=greyscale');
    await page.getByRole('searchbox').fill('zzz');
    expect(await page.locator('#no-match').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => page.url()).not.toContain('filt');
  });

  test('the strip loads the widths of the srcset once it is visible', async () => {
    const page = await playground();
    await page.locator('#strip').scrollIntoViewIfNeeded();
    await expect.poll(() => page.locator('#widths img:visible').count()).toBe(4);
    const labels = await page.locator('#widths li').allInnerTexts();
    expect(labels.map((label) => Number.parseInt(label.trim(), 10))).toEqual([320, 640, 960, 1280]);
    for (const label of labels) expect(label).toMatch(/\d kB/);
    const widths = await page
      .locator('#widths img')
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
    expect(widths).toEqual([320, 640, 960, 1280]);
  });

  test('the URL of a resized image is split into its parts, without the key', async () => {
    const page = await playground();
    await page.locator('#u').fill(`${origin()}/?k=myKey&u=${encodeURIComponent(sample('turned.jpg'))}&w=90&q=50`);
    await expect.poll(() => textOf(page, 'output-info')).toBe('90 × 60 WebP');
    expect(await page.locator('#p-q').inputValue()).toBe('50');
    expect(page.url()).not.toContain('myKey');
  });

  test('so is the URL of another server: its key is sent to that server only, and is not in the URL of the page', async () => {
    const page = await playground();
    const foreign = `${origin().replace('127.0.0.1', 'localhost')}/?k=otherSecret&u=${encodeURIComponent(sample('turned.jpg'))}&w=90`;
    await page.locator('#u').fill(foreign);
    await settled(page);
    expect(page.url()).not.toContain('otherSecret');
    expect(page.url()).toContain('localhost');
    expect(await page.locator('#u').inputValue()).toBe(sample('turned.jpg'));
    await expect.poll(() => page.locator('#snippet-url').textContent()).toContain('k=otherSecret');
  });

  test('a typed key is used, and is in the embed code only', async () => {
    const page = await playground();
    await page.getByText('Server and key').click();
    await page.getByLabel('Key', { exact: true }).fill('wrongKey');
    await expect.poll(() => textOf(page, 'k-error')).toBe('This API key is not known.');
    await page.locator('#p-w').fill('99');
    await settled(page);
    expect(page.url()).not.toContain('Key');
    expect(await page.locator('#snippet-url').textContent()).toContain('k=wrongKey');
    await page.getByLabel('Key', { exact: true }).fill('myKey');
    await expect.poll(() => textOf(page, 'output-info')).toBe('99 × 66 WebP');
  });

  test('a key in the page URL is stored and removed from it', async () => {
    const page = await playground('#k=printedKey');
    expect(await page.locator('#snippet-url').textContent()).toContain('k=printedKey');
    expect(page.url()).not.toContain('printedKey');
    await page.reload();
    await settled(page);
    expect(await page.locator('#snippet-url').textContent()).toContain('k=printedKey');
  });

  test('a page URL with another server works, and does not send it the demo key', async () => {
    const config = testConfig({ API_KEYS: 'acme:theirKey' });
    const deployed = await startServer(config, { log: () => {} });
    try {
      const page = await open();
      const requestedUrls: string[] = [];
      page.on('request', (request) => request.url().startsWith(deployed.origin) && requestedUrls.push(request.url()));
      await page.goto(`${origin()}/#base=${deployed.origin}/&u=${deployed.origin}/samples/cat.webp&w=120`);
      await settled(page);
      expect(await textOf(page, 'card')).toContain('An API key is required');
      expect(requestedUrls.length).toBeGreaterThan(0);
      expect(requestedUrls.join()).not.toContain('myKey');
      await page.getByLabel('Key', { exact: true }).fill('theirKey');
      await expect.poll(() => textOf(page, 'output-info')).toBe('120 × 80 WebP');
      expect(await textOf(page, 'cache')).toMatch(/^cache: /);
      await page.context().close();
    } finally {
      await deployed.stop();
    }
  });

  test('errors for an unreachable server and for an invalid URL', async () => {
    const page = await playground();
    const base = page.getByLabel('Server', { exact: true });
    await page.getByText('Server and key').click();
    await base.fill('127.0.0.1:1');
    await base.press('Enter');
    await expect.poll(() => textOf(page, 'card')).toContain('No response');
    await base.selectText();
    await page.keyboard.type('not a server');
    await base.press('Enter');
    await expect.poll(() => textOf(page, 'base-error')).toBe('This is not an http or https URL.');
  });
});
