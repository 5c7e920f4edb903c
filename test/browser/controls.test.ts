/** The controls of the playground's form: none of them makes a request that the API rejects. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import query from '../../schemas/query.json' with { type: 'json' };
import { groupFields } from '../../src/dev/page/fields.ts';
import { hasBrowser, settled, textOf, useBrowser } from './chromium.ts';

const { playground, sample } = useBrowser();

const fields = [...groupFields(query.properties).values()].flat();

/** Values for text inputs without an example. */
const TEXTS: Readonly<Record<string, string>> = { default: '1', v: '2', filename: 'cat' };

/** Uses a control as a person does who tries it. */
async function touch(page: Page, control: Locator, name: string): Promise<void> {
  const kind = await control.evaluate((element: HTMLInputElement) => element.type);
  if (kind === 'range') await control.press('ArrowRight');
  else if (kind === 'checkbox') await control.click();
  else if (kind === 'color') await control.fill('#0f766e');
  else if (kind === 'datetime-local') await control.fill('2099-01-01T00:00');
  else if (kind === 'select-one') await control.selectOption({ index: (await control.locator('option').count()) - 1 });
  else if (kind === 'text') {
    const { exampleValue, scale, kind: fieldKind } = fields.find((field) => field.name === name) ?? {};
    const middle = scale && String(scale.toValue(Math.round(scale.steps / 2)));
    const text = exampleValue || TEXTS[name] || middle || (fieldKind === 'colour' ? 'teal' : '3');
    // The first character alone is on its way for longer than the debounce.
    await control.press(text.charAt(0));
    await page.waitForTimeout(230);
    await control.fill(text);
    await control.press('Enter');
  } else await control.click();
}

describe.runIf(hasBrowser)('the controls', () => {
  test('each one, touched first, makes a request that the API accepts, or is disabled with the reason', async () => {
    const page = await playground();
    await page.locator('#groups details').evaluateAll((groups) => {
      for (const group of groups) (group as HTMLDetailsElement).open = true;
    });
    const rejected: string[] = [];
    let touched = '';
    page.on('response', (response) => {
      if (response.status() >= 400) rejected.push(`${touched}: ${response.status()} ${response.url()}`);
    });
    const disabled: string[] = [];
    let count = 0;
    for (const { name } of fields) {
      const field = page.locator(`.field[data-name="${name}"]`);
      for (const control of await field.locator('.control').locator('input, select, button:not(.off)').all()) {
        if (await control.isDisabled()) {
          expect(await field.locator('.needs').textContent(), name).toMatch(/^(?:Needs|This server has none)/);
          disabled.push(name);
          continue;
        }
        touched = name;
        count++;
        const response = page.waitForResponse((reply) => reply.url().includes('?'), { timeout: 5000 });
        await touch(page, control, name);
        await response;
        await page.getByRole('button', { name: 'Reset', exact: true }).click();
      }
    }
    expect(rejected).toEqual([]);
    expect(count).toBeGreaterThan(60);
    expect([...new Set(disabled)]).toEqual(
      fields
        .filter(({ name, dependsOn }) => (dependsOn && !/f=auto/.test(dependsOn)) || ['p', 'mark'].includes(name))
        .map(({ name }) => name),
    );
  }, 120_000);

  test('a disabled control says what it needs, and a click enables it', async () => {
    const page = await playground();
    await page.getByRole('searchbox').fill('duotone');
    const dark = page.locator('#p-start');
    expect(await dark.isDisabled()).toBe(true);
    await page.locator('[data-name=start] .need').click();
    expect(await page.locator('#p-filt').inputValue()).toBe('duotone');
    expect(await dark.evaluate((element) => element === document.activeElement)).toBe(true);
    await dark.fill('teal');
    await expect.poll(() => page.url()).toContain('start=teal');
    await settled(page);
    // What has lost what it needs is dropped, instead of an error.
    await page.locator('#p-filt').selectOption('sepia');
    await settled(page);
    expect(page.url()).not.toContain('start');
    expect(await textOf(page, 'card')).toBe('');
    await page.goBack();
    await expect.poll(() => dark.inputValue()).toBe('teal');
  });

  test('a need without a value leads to its field', async () => {
    const page = await playground();
    await page.getByRole('searchbox').fill('watermark');
    await page.getByRole('searchbox').fill('');
    await page.locator('[data-name=rbg]').evaluate((element) => {
      (element.closest('details') as HTMLDetailsElement).open = true;
    });
    await page.locator('[data-name=rbg] .need').click();
    expect(await page.locator('#p-ro').evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('a value with an unmet need, from the URL of the page, can be cleared', async () => {
    const page = await playground(`#u=${sample('cat.webp')}&w=80&start=red`);
    expect(await textOf(page, 'start-error')).toBe('start needs filt=duotone');
    await page.getByRole('button', { name: 'Clear Duotone, dark' }).click();
    await expect.poll(() => textOf(page, 'output-info')).toMatch(/^80 ×/);
    expect(await page.locator('#p-start').isDisabled()).toBe(true);
  });

  test('without a width, the size of the source is kept', async () => {
    const page = await playground();
    await page.getByRole('button', { name: 'Clear Width' }).click();
    expect(await page.locator('#p-w').inputValue()).toBe('100%');
    await expect.poll(() => textOf(page, 'output-info')).toMatch(/^1728 ×/);
    await page.locator('#p-w').press('Delete');
    await page.locator('#p-w').pressSequentially('320');
    await expect.poll(() => textOf(page, 'output-info')).toMatch(/^320 ×/);
  });
});
