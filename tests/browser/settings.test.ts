import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { SettingsFile } from '../../src-main/base/settings-file.ts';
import { connectAs } from '../helpers/mcp-client.ts';
import { sampleNotice } from '../helpers/sample-views.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';
import { appearances, barriers, eventually, go, isTooWide, useDashboard } from './use-dashboard.ts';

const { start, look, after } = useDashboard();

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'larkgate-settings-'));
  after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A gateway as a person runs it: settings come from the file of its folder, and go back there. */
async function startInFolder(data: string, signedIn = false): Promise<StartedGateway> {
  const file = new SettingsFile(data);
  const { limits, log, records, tools } = await file.read();
  return startGateway({
    data,
    signedIn,
    config: { limits, log, records, tools },
    keepSettings: async (section, change) => void (await file.merge(section, change)),
  });
}

const group = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const save = (on: Locator) => on.getByRole('button', { name: 'Save' });

describe('a setting', () => {
  it('that holds at once does, and is kept over a restart', async () => {
    const data = await dataFolder();
    const first = await startInFolder(data, true);
    const { page, complaints } = await look(first, '#/settings');
    const limits = group(page, 'Limits');
    await limits.getByLabel('A minute, per session', { exact: true }).fill('3');
    await save(limits).click();
    await limits.getByText('Saved.').waitFor();
    const client = await connectAs('Cherry Studio', first);
    const calls = Array.from({ length: 6 }, () => client.callTool({ name: 'im_v1_chat_list', arguments: {} }));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
    await client.close();
    expect(complaints).toEqual([]);
    await first.close();

    expect(JSON.parse(await readFile(join(data, 'settings.json'), 'utf8'))).toEqual({ limits: { perSession: 3 } });
    const again = await startInFolder(data);
    after(() => again.close());
    const { page: later } = await look(again, '#/settings');
    expect(await group(later, 'Limits').getByLabel('A minute, per session', { exact: true }).inputValue()).toBe('3');
  });

  it('that needs a restart says so, waits, and holds after it', async () => {
    const data = await dataFolder();
    const first = await startInFolder(data);
    const { page } = await look(first, '#/settings');
    const tools = group(page, 'Tools');
    await tools.getByLabel('Language of tools', { exact: true }).selectOption('简体中文');
    await save(tools).click();
    await tools.getByText('Saved; it holds after a restart of the gateway.').waitFor();
    const waiting = page.getByRole('status').filter({ hasText: 'Changes that wait for a restart' });
    await waiting.getByText('Language of tools: Now English, after a restart 简体中文').waitFor();
    await first.close();

    const again = await startInFolder(data);
    after(() => again.close());
    const { page: later } = await look(again, '#/settings');
    await eventually(() => group(later, 'Tools').getByLabel('Language of tools', { exact: true }).inputValue()).toBe(
      'zh',
    );
    expect(await later.getByText('Changes that wait for a restart').count()).toBe(0);
  });

  it('is refused as it is typed, and by the gateway at its field, and nothing changes', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/settings');
    const limits = group(page, 'Limits');
    const field = limits.getByLabel('Sessions', { exact: true });
    await field.fill('0');
    await limits.getByText('Must be at least 1').waitFor();
    expect(await save(limits).isDisabled()).toBe(true);
    await field.fill('many');
    await limits.getByText('Enter a whole number').waitFor();
    await limits.getByRole('button', { name: 'Discard' }).click();
    expect(await field.inputValue()).toBe('1000');

    const server = group(page, 'Gateway');
    await server.getByLabel('Web pages that may call', { exact: true }).fill('http://localhost:6274\nnot an address');
    await save(server).click();
    await server.getByRole('alert').getByText('Nothing was changed').waitFor();
    const origins = server.getByLabel('Web pages that may call', { exact: true });
    expect(await origins.getAttribute('aria-invalid')).toBe('true');
    expect((await gateway.app.call('settings', {})).fields.find(({ name }) => name === 'origins')?.value).toEqual([]);
    expect(await origins.inputValue()).toContain('not an address');
  });

  it('goes back to its default', async () => {
    const gateway = await start({ config: { limits: { perAddress: 7 } } });
    const { page } = await look(gateway, '#/settings');
    const limits = group(page, 'Limits');
    await limits.getByRole('button', { name: 'A minute, per address: back to the default' }).click();
    await save(limits).click();
    // Nothing keeps settings here, and the page does not pretend otherwise.
    await page.getByText(/no settings file to write to/).waitFor();
    await eventually(() => limits.getByLabel('A minute, per address', { exact: true }).inputValue()).toBe('200');
    await limits.getByText('Changed since the start').waitFor();
    expect((await gateway.app.call('snapshot', {})).limits.perAddress).toBe(200);
  });

  it('is found by its words', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/settings');
    await group(page, 'Limits').waitFor();
    await page.getByRole('searchbox', { name: 'Find a setting' }).fill('log level');
    await group(page, 'Limits').waitFor({ state: 'detached' });
    await group(page, 'Log').getByLabel('Log level').waitFor();
    expect(await group(page, 'Log').getByRole('textbox').count()).toBe(0);
    await page.getByRole('searchbox', { name: 'Find a setting' }).fill('zzz');
    await page.getByText('There is no such setting').waitFor();
  });

  it('changed elsewhere shows here, and what is being typed stays', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/settings');
    const limits = group(page, 'Limits');
    await limits.getByLabel('A minute, per address', { exact: true }).fill('77');
    await gateway.app.call('setSettings', { section: 'limits', change: { perSession: 11 } });
    await eventually(() => limits.getByLabel('A minute, per session', { exact: true }).inputValue()).toBe('11');
    expect(await limits.getByLabel('A minute, per address', { exact: true }).inputValue()).toBe('77');
  });
});

describe('the port', () => {
  it('that another program holds is named with its holder, and the next free one offered', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    after(async () => void other.close());
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const gateway = await start();
    const { page } = await look(gateway, '#/settings');
    const server = group(page, 'Gateway');
    const field = server.getByLabel('Port', { exact: true });
    await field.fill(String(port));
    await server.getByText(`Port ${port} is held by`).waitFor();
    await server.getByText(`(process ${process.pid})`).waitFor();
    await server.getByRole('button', { name: /^Use \d+ instead$/ }).click();
    await eventually(async () => Number(await field.inputValue())).toBeGreaterThan(port);
    await server.getByText(/^Port \d+ is free\.$/).waitFor();
    await field.fill(new URL(gateway.mcp).port);
    await server.getByText('The gateway is on this port now.').waitFor();
    await field.fill('70000');
    await server.getByText('Must be at most 65535').waitFor();
  });
});

describe('the page itself', () => {
  it('changes its language and look at once, and remembers both', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/settings');
    await page.getByLabel('Look of the page').selectOption('Dark');
    await page.getByLabel('Language of the page').selectOption('简体中文');
    await page.getByRole('heading', { name: '设置', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: '设置', level: 1 }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset['mantineColorScheme'])).toBe('dark');
  });
});

describe('about', () => {
  it('tells versions, places and health with its reasons', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/about');
    await page.getByText('0.0.0-test').waitFor();
    await page.getByText(gateway.data).waitFor();
    await page.getByText(/@larksuiteoapi\/lark-mcp [\d.]+, [\d,]+ tools/).waitFor();
    await page.getByText('All is well').waitFor();
    gateway.app.bus.publish({ kind: 'notice.raised', notice: sampleNotice() });
    await page.getByText('Working, with something to mend').waitFor();
    await page.getByText('The data folder cannot be written. Check disk space.').waitFor();
  });

  it('makes a support bundle to read, copy and save, without a secret in it', async () => {
    const gateway = await start();
    const client = await connectAs('Cherry Studio', gateway);
    await client.callTool({ name: 'im_v1_chat_list', arguments: { params: { page_token: 'Canary9-argument' } } });
    await client.close();
    const { page, complaints } = await look(gateway, '#/about');
    await page.getByRole('button', { name: 'Make it' }).click();
    const text = await page.getByLabel('What is in it').innerText();
    expect(JSON.parse(text)).toBeTypeOf('object');
    expect(text).not.toContain(gateway.key);
    expect(text).not.toMatch(/Canary9|\b(?:u|ur)-[\w.-]{12,}|eyJ[\w-]{10,}\./);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy the support bundle' }).click();
    await page.getByText('Copied').waitFor();
    expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toEqual(JSON.parse(text));
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(/\.json$/);
    expect(JSON.parse(await readFile(await download.path(), 'utf8'))).toEqual(JSON.parse(text));
    expect(complaints).toEqual([]);
  });
});

it('hostile values of settings and of this machine run nothing', async () => {
  const attack = `"><img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>`;
  const gateway = await start();
  const { page, complaints } = await look(gateway, '#/overview');
  const { fields } = await gateway.app.call('settings', {});
  const hostile = fields.map((field) =>
    field.type === 'text' ? { ...field, name: attack, value: attack, default: attack, pending: true } : field,
  );
  await page.route('**/control/settings', (route) => route.fulfill({ json: { fields: hostile, restartNeeded: true } }));
  await page.route('**/control/portHolder', (route) =>
    route.fulfill({ json: { port: 1, state: 'taken', holder: { pid: 1, name: attack }, nextFree: null } }),
  );
  await page.route('**/control/supportBundle', (route) => route.fulfill({ json: { filename: attack, text: attack } }));
  await go(page, '#/settings');
  await page.getByText(attack).first().waitFor();
  await group(page, 'Gateway').getByLabel('Port', { exact: true }).fill('5300');
  await page.getByText('is held by').getByText('<script>').waitFor();
  await go(page, '#/about');
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.locator('pre').getByText('<script>').waitFor();
  expect(await page.evaluate(() => Reflect.get(globalThis, 'pwned'))).toBeUndefined();
  expect(await page.locator('script:not([src]), [onerror]').count()).toBe(0);
  expect(complaints).toEqual([]);
});

describe.each(appearances)('settings and about in $locale, $colorScheme, $viewport.width wide', (options) => {
  it('have no barriers and fit', async () => {
    const gateway = await start();
    gateway.app.bus.publish({ kind: 'notice.raised', notice: sampleNotice() });
    await gateway.app.call('setSettings', { section: 'log', change: { files: 3 } });
    const { page, complaints } = await look(gateway, '#/settings', options);
    await page.getByText(/^(重启后才生效的改动|Changes that wait for a restart)$/).waitFor();
    await page.locator('input[inputmode=numeric]').first().fill('99999999');
    await page.locator('[aria-invalid=true]').first().waitFor();
    expect(await barriers(page), 'settings').toEqual([]);
    expect(await isTooWide(page), 'settings').toBe(false);
    await go(page, '#/about');
    await page.getByRole('button', { name: /^(生成|Make it)$/ }).click();
    await page.locator('pre').waitFor();
    expect(await barriers(page), 'about').toEqual([]);
    expect(await isTooWide(page), 'about').toBe(false);
    expect(complaints).toEqual([]);
  });
});
