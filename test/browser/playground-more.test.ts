/** The playground: facts, other servers, and keys that stay where they are. */
import { describe, expect, test } from 'vitest';
import { startServer } from '../../src/dev/server.ts';
import { testConfig } from '../requests.ts';
import { hasBrowser, settled, textOf, useBrowser } from './chromium.ts';

const { playground, open, sample, origin } = useBrowser();

describe.runIf(hasBrowser)('the playground', () => {
  test('f=json with explain is a card that can be read', async () => {
    const page = await playground(`#u=${sample('turned.jpg')}&w=300&f=json&explain=1`);
    const card = await textOf(page, 'card');
    expect(card).toMatch(/orientation6/);
    expect(card).toContain('What would be done');
    expect(card).toMatch(/scaled300 × 200/);
    expect(await page.locator('#line-img').isVisible()).toBe(false);
    expect(await page.locator('#line-curl').isVisible()).toBe(true);
  });

  test.each([
    ['blurhash', /^[\w#$%*+,\-.:;=?@[\]^{|}~]{20,}$/],
    ['color', /^#[0-9a-f]{6}$/],
    ['lqip', /^data:image\/webp;base64,/],
  ])('%s is a text to copy', async (f, form) => {
    const page = await playground(`#u=${sample('cat.webp')}&f=${f}`);
    expect(await page.getByRole('textbox', { name: f }).textContent()).toMatch(form);
    await page.getByRole('button', { name: `Copy: ${f}` }).waitFor();
  });

  test('a search shows what is about it and opens its group', async () => {
    const page = await playground();
    await page.getByRole('searchbox').fill('greyscale');
    expect(await page.locator('.field:visible').count()).toBe(1);
    await page.locator('#p-filt').selectOption('greyscale');
    await expect.poll(() => page.url()).toContain('filt=greyscale');
    await page.getByRole('searchbox').fill('zzz');
    expect(await page.locator('#none').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => page.url()).not.toContain('filt');
  });

  test('the strip shows the widths of the srcset with their bytes once it is in sight', async () => {
    const page = await playground();
    await page.locator('#strip').scrollIntoViewIfNeeded();
    await expect.poll(() => page.locator('#widths img:visible').count()).toBe(4);
    const labels = await page.locator('#widths li').allInnerTexts();
    expect(labels.map((label) => Number.parseInt(label.trim(), 10))).toEqual([320, 640, 960, 1280]);
    for (const label of labels) expect(label).toMatch(/\d kB/);
    const widths = await page
      .locator('#widths img')
      .evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth));
    expect(widths).toEqual([320, 640, 960, 1280]);
  });

  test('an address of this resizer is taken apart, and its key left out', async () => {
    const page = await playground();
    await page.locator('#u').fill(`${origin()}/?k=myKey&u=${encodeURIComponent(sample('turned.jpg'))}&w=90&q=50`);
    await expect.poll(() => textOf(page, 'result-facts')).toBe('90 × 60 WebP');
    expect(await page.locator('#p-q').inputValue()).toBe('50');
    expect(page.url()).not.toContain('myKey');
  });

  test('one of another resizer is, too: its key goes to that server only, and into no address that is shared', async () => {
    const page = await playground();
    const foreign = `${origin().replace('127.0.0.1', 'localhost')}/?k=otherSecret&u=${encodeURIComponent(sample('turned.jpg'))}&w=90`;
    await page.locator('#u').fill(foreign);
    await settled(page);
    expect(page.url()).not.toContain('otherSecret');
    expect(page.url()).toContain('localhost');
    expect(await page.locator('#u').inputValue()).toBe(sample('turned.jpg'));
    await expect.poll(() => page.locator('#line-address').textContent()).toContain('k=otherSecret');
  });

  test('a key that is typed is used, and is in no address but those to copy', async () => {
    const page = await playground();
    await page.getByText('Server and key').click();
    await page.getByLabel('Key', { exact: true }).fill('wrongKey');
    await expect.poll(() => textOf(page, 'k-fault')).toBe('This API key is not known.');
    await page.locator('#p-w').fill('99');
    await settled(page);
    expect(page.url()).not.toContain('Key');
    expect(await page.locator('#line-address').textContent()).toContain('k=wrongKey');
    await page.getByLabel('Key', { exact: true }).fill('myKey');
    await expect.poll(() => textOf(page, 'result-facts')).toBe('99 × 66 WebP');
  });

  test('an address that the server printed hands its key over, and does not keep it', async () => {
    const page = await playground('#k=printedKey');
    expect(await page.locator('#line-address').textContent()).toContain('k=printedKey');
    expect(page.url()).not.toContain('printedKey');
    await page.reload();
    await settled(page);
    expect(await page.locator('#line-address').textContent()).toContain('k=printedKey');
  });

  test('another deployment does as well, and an address that names one gets no key of ours', async () => {
    const config = testConfig({ API_KEYS: 'acme:theirKey' });
    const deployed = await startServer(config, { log: () => {} });
    try {
      const page = await open();
      const asked: string[] = [];
      page.on('request', (request) => request.url().startsWith(deployed.origin) && asked.push(request.url()));
      await page.goto(`${origin()}/#base=${deployed.origin}/&u=${deployed.origin}/samples/cat.webp&w=120`);
      await settled(page);
      expect(await textOf(page, 'card')).toContain('An API key is required');
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.join()).not.toContain('myKey');
      await page.getByLabel('Key', { exact: true }).fill('theirKey');
      await expect.poll(() => textOf(page, 'result-facts')).toBe('120 × 80 WebP');
      expect(await textOf(page, 'cache')).toMatch(/^cache: /);
      await page.context().close();
    } finally {
      await deployed.stop();
    }
  });

  test('what does not answer, and what is no address, is told', async () => {
    const page = await playground();
    const base = page.getByLabel('Server', { exact: true });
    await page.getByText('Server and key').click();
    await base.fill('127.0.0.1:1');
    await base.press('Enter');
    await expect.poll(() => textOf(page, 'card')).toContain('No answer');
    await base.selectText();
    await page.keyboard.type('not a server');
    await base.press('Enter');
    await expect.poll(() => textOf(page, 'base-fault')).toBe('This is no http or https address.');
  });
});
