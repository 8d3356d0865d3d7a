import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Locator, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import type { StartedGateway } from '../helpers/start-gateway.ts';
import { appearances, barriers, eventually, go, isTooWide, useDashboard } from './use-dashboard.ts';

/** What is listed at first, and its name on the page. */
const preset = { name: 'preset.im.default', label: 'Messages and chats' };

const { start, look, connect: connectClient } = useDashboard({ config: { tools: { enabled: [preset.name] } } });

/** What a real client is given, now and after it is told of changes. */
async function connect(
  gateway: StartedGateway,
): Promise<{ client: Client; names: () => Promise<string[]>; told: () => number }> {
  const client = await connectClient(gateway);
  let changes = 0;
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    changes += 1;
  });
  const names = async () => (await client.listTools()).tools.map(({ name }) => name);
  return { client, names, told: () => changes };
}

const table = (page: Page) => page.getByRole('table', { name: 'All tools' });
const find = (page: Page, text: string) => page.getByRole('searchbox', { name: 'Find a tool' }).fill(text);
const total = (page: Page, tools: number) => page.getByRole('status').filter({ hasText: `${tools} tools ·` });
/** A text field; its star for what is required is no part of its name. */
const field = (on: Page | Locator, name: string) => on.getByRole('textbox', { name, exact: true });
const toggle = (page: Page, name: string) => page.getByRole('switch', { name });

describe('switching tools', () => {
  it('lists one in a client at once, tells the client, and takes it out again', async () => {
    const gateway = await start();
    const { names, told } = await connect(gateway);
    const before = await names();
    const { page, complaints } = await look(gateway, '#/tools');
    expect(before).not.toContain('task_v2_task_list');
    await find(page, 'task_v2_task_list');
    await toggle(page, 'List task_v2_task_list').check({ force: true });
    await eventually(names).toContain('task_v2_task_list');
    await eventually(told).toBeGreaterThan(0);
    await total(page, before.length + 1).waitFor();
    await toggle(page, 'List task_v2_task_list').uncheck({ force: true });
    await eventually(names).toEqual(before);
    await total(page, before.length).waitFor();
    expect(complaints).toEqual([]);
  });

  it('takes one tool out of a preset and leaves the others of it', async () => {
    const gateway = await start();
    const { names } = await connect(gateway);
    const before = await names();
    const { page } = await look(gateway, '#/tools');
    await find(page, 'im_v1_chat_list');
    await toggle(page, 'List im_v1_chat_list').uncheck({ force: true });
    await eventually(names).toEqual(before.filter((name) => name !== 'im_v1_chat_list'));
    await eventually(() => toggle(page, preset.label).isChecked()).toBe(false);
    await page.getByText(`${before.length - 1} of ${before.length} listed · `).waitFor();
    await toggle(page, preset.label).check({ force: true });
    await eventually(async () => (await names()).toSorted()).toEqual(before.toSorted());
  });

  it('loses none of several quick switches', async () => {
    const gateway = await start();
    const { names } = await connect(gateway);
    const { page } = await look(gateway, '#/tools');
    for (const label of ['Tasks', 'Calendar', 'Documents and wiki']) await toggle(page, label).check({ force: true });
    const wanted = ['preset.im.default', 'preset.task.default', 'preset.calendar.default', 'preset.doc.default'];
    await eventually(async () => (await gateway.app.call('tools', {})).enabled).toEqual(wanted);
    const { presets } = await gateway.app.call('tools', {});
    const members = new Set(presets.flatMap(({ name, tools }) => (wanted.includes(name) ? tools : [])));
    expect(await names()).toHaveLength(members.size);
    await total(page, members.size).waitFor();
  });

  it('down to none says what that means', async () => {
    const gateway = await start();
    const { names } = await connect(gateway);
    const { page } = await look(gateway, '#/tools');
    await toggle(page, preset.label).uncheck({ force: true });
    await page.getByText('No tool is listed').waitFor();
    await eventually(names).toEqual([]);
  });

  it('elsewhere shows here at once', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/tools');
    await eventually(() => toggle(page, preset.label).isChecked()).toBe(true);
    const { tools } = await gateway.app.call('setTools', { enabled: ['preset.light'] });
    await total(page, tools.filter(({ listed }) => listed).length).waitFor();
    expect(await toggle(page, preset.label).isChecked()).toBe(false);
  });
});

describe('the list of tools', () => {
  it('is searched and narrowed, and says why a tool is not there to be had', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/tools');
    const { tools } = await gateway.app.call('tools', {});
    const listed = tools.filter((tool) => tool.listed).length;
    await page.getByText(`${listed} listed of ${tools.length.toLocaleString('en')}`).waitFor();
    // Only what is in sight is drawn.
    expect(await table(page).getByRole('row').count()).toBeLessThan(60);
    expect(await table(page).getAttribute('aria-rowcount')).toMatch(/^1\d\d\d$/);
    await page.getByLabel('Category').selectOption('im');
    await page.getByLabel('Risk').selectOption('destructive');
    await find(page, 'chat delete');
    await table(page).getByText('im_v1_chat_delete').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('Show').selectOption('Not available');
    await find(page, 'acs device list');
    await table(page)
      .getByText(/takes the app's identity only/)
      .waitFor();
    expect(await table(page).getByRole('switch').count()).toBe(0);
    await find(page, 'no tool is called this');
    await page.getByText('No tool matches').waitFor();
  });

  it('is walked through with the keyboard, into a tool and back to the same line', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/tools');
    await table(page).getByRole('link').first().focus();
    const focused = () =>
      page.evaluate(() => document.activeElement?.closest('[role=row]')?.getAttribute('aria-rowindex'));
    const first = Number(await focused());
    for (let step = 0; step < 30; step += 1) await page.keyboard.press('ArrowDown');
    await eventually(async () => Number(await focused())).toBeGreaterThanOrEqual(first + 30);
    const there = await focused();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: '← All tools' }).click();
    await eventually(focused).toBe(there);
    await page.keyboard.press('End');
    await eventually(async () => Number(await focused())).toBe(Number(await table(page).getAttribute('aria-rowcount')));
    await page.keyboard.press('Home');
    await eventually(async () => Number(await focused())).toBe(first);
  });

  it('as a client is given it is shown for each client', async () => {
    const gateway = await start();
    await gateway.addKey('Claude Code');
    const { names } = await connect(gateway);
    const { page } = await look(gateway, '#/tools');
    const choice = page.getByLabel('Client', { exact: true });
    await choice.selectOption('Claude Code');
    const seen = page.getByRole('list', { name: 'What would my client see' });
    await seen.waitFor();
    const shown = await seen
      .getByRole('listitem')
      .evaluateAll((items) => items.map((item) => item.firstElementChild?.textContent ?? ''));
    expect(shown.toSorted()).toEqual((await names()).toSorted());
    await page.getByText(/^\d+ tools, [\d,]+ tokens, \d+ KB$/).waitFor();
    await gateway.app.call('setTools', { enabled: [] });
    await page.getByText('This client sees no tool.').waitFor();
  });
});

describe('a tool opened', () => {
  it('shows what it takes as a tree, and what clients are told', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/tools?tool=im.v1.message.create');
    await page.getByRole('heading', { name: 'Send message', level: 1 }).waitFor();
    const input = page.getByRole('region', { name: 'Arguments' });
    await input.getByText('receive_id_type', { exact: true }).waitFor();
    await input.getByText('chat_id', { exact: true }).waitFor();
    await page.getByText('POST /open-apis/im/v1/messages').waitFor();
    await page.getByText('Changes something').waitFor();
    await input.getByRole('button', { name: 'Show all' }).first().click();
    await input.getByText(/recommended to use the user's `open_id`/).waitFor();
  });

  it('that is not there says so, with the way back', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/tools?tool=im.v1.nothing');
    await page.getByRole('alert').waitFor();
    await page.getByRole('link', { name: '← All tools' }).click();
    await page.getByRole('heading', { name: 'Tools', level: 1 }).waitFor();
  });
});

it('a hostile name, description or answer of a tool runs nothing', async () => {
  const attack = `"><img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>`;
  const gateway = await start();
  const { page, complaints } = await look(gateway, '#/overview');
  const { tools, ...rest } = await gateway.app.call('tools', {});
  const hostile = { ...tools[0], id: 'evil', name: attack, title: attack, category: attack, whyNot: null };
  await page.route('**/control/tools', (route) =>
    route.fulfill({ json: { ...rest, tools: [hostile], presets: [{ name: attack, tools: ['evil'], tokens: 1 }] } }),
  );
  const schema = { type: 'object', properties: { [attack]: { type: 'string', description: attack, enum: [attack] } } };
  const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };
  const detail = {
    ...hostile,
    description: attack,
    inputSchema: schema,
    outputSchema: schema,
    annotations,
    request: { method: attack, path: attack },
  };
  await page.route('**/control/tool', (route) => route.fulfill({ json: { tool: detail } }));
  const { calls } = { calls: { ms: 1, logId: attack, tool: attack } };
  const text = JSON.stringify({ error: { message: attack, signInUrl: 'javascript:globalThis.pwned=1' } });
  await page.route('**/control/tryTool', (route) =>
    route.fulfill({ json: { dryRun: null, result: { isError: true, text, structured: null, call: calls } } }),
  );
  await gateway.addKey(attack.slice(0, 60));
  await go(page, '#/tools');
  await table(page).getByText(attack).first().waitFor();
  await table(page).getByRole('link').first().click();
  await page.getByRole('heading', { name: attack, level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Run' }).click();
  const result = page.getByRole('region', { name: 'Result' });
  await result.getByRole('alert').getByText(attack).waitFor();
  expect(await result.getByRole('link', { name: 'Open the link' }).count()).toBe(0);
  expect(await page.evaluate(() => Reflect.get(globalThis, 'pwned'))).toBeUndefined();
  expect(await page.locator('script:not([src]), [onerror]').count()).toBe(0);
  expect(complaints).toEqual([]);
});

it('when its script does not come, the page says so and the rest goes on', async () => {
  const gateway = await start();
  const { page } = await look(gateway, '#/overview');
  await page.route('**/assets/tools-*.js', (route) => route.abort());
  await go(page, '#/tools');
  await page.getByRole('alert').getByText('This page did not open.').waitFor();
  await go(page, '#/settings');
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
});

describe.each(appearances)('the tools in $locale, $colorScheme, $viewport.width wide', (options) => {
  it('have no barriers and fit', async () => {
    const gateway = await start();
    const { page, complaints } = await look(gateway, '#/tools', options);
    await page.getByRole('switch').first().waitFor();
    await page.getByLabel(options.locale === 'zh-CN' ? '客户端' : 'Client', { exact: true }).selectOption({ index: 1 });
    await page.locator('main ol').waitFor();
    expect(await barriers(page), 'the list').toEqual([]);
    expect(await isTooWide(page), 'the list').toBe(false);
    await go(page, '#/tools?tool=im.v1.message.create');
    const run = page.getByRole('button', { name: options.locale === 'zh-CN' ? '执行' : 'Run', exact: true });
    await run.click();
    await page.getByRole('alert').waitFor();
    expect(await barriers(page), 'a tool').toEqual([]);
    expect(await isTooWide(page), 'a tool').toBe(false);
    await field(page, 'receive_id').fill('oc_1');
    await field(page, 'msg_type').fill('text');
    await field(page, 'content').fill('{}');
    await page.getByLabel('receive_id_type').selectOption('chat_id');
    await run.click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page), 'the question').toEqual([]);
    expect(complaints).toEqual([]);
  });
});
