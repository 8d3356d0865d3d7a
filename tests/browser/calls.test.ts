import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { runningCall, sampleCall } from '../helpers/sample-views.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';
import { eventually, go, listChats, useDashboard, wordsOfFailure } from './use-dashboard.ts';

const { start, look, connect, after } = useDashboard();

const grid = (page: Page) => page.getByRole('grid', { name: 'Calls' });
/** How many calls the list has, whether they are drawn or not. */
const rowCount = async (page: Page) => Number(await grid(page).getAttribute('aria-rowcount')) - 1;

/** One that did what it was asked, and one that Feishu refused. */
async function makeTwoCalls(gateway: StartedGateway): Promise<void> {
  const client = await connect(gateway);
  await listChats(client);
  const nobody = { params: { container_id: 'oc_nobody', container_id_type: 'chat' } };
  await client.callTool({ name: 'im_v1_message_list', arguments: nobody });
}

describe('calls', () => {
  it('appear while the client makes them, with their details but not their arguments', async () => {
    const gateway = await start();
    const { page, complaints } = await look(gateway, '#/calls');
    await page.getByText('No calls yet').waitFor();
    const client = await connect(gateway);
    await client.callTool({ name: 'im_v1_chat_list', arguments: { page_size: 7, page_token: 'Canary9-argument' } });
    await page.getByRole('button', { name: 'im_v1_chat_list' }).click();
    const detail = page.getByRole('dialog');
    await detail.getByText('Fingerprint of the arguments (SHA-256)').waitFor();
    expect(await detail.innerText()).toMatch(/Waiting for the upstream[\s\S]*Cherry Studio[\s\S]*[0-9a-f]{64}/);
    expect(await page.content()).not.toContain('Canary9-argument');
    expect(complaints).toEqual([]);
  });

  it('that failed say why and what to do, with the log id to copy', async () => {
    const gateway = await start();
    const failed = wordsOfFailure(gateway);
    await makeTwoCalls(gateway);
    const { page } = await look(gateway, '#/calls');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'im_v1_message_list' }).click();
    const detail = page.getByRole('dialog');
    await detail.getByText(/Feishu can look it up by the log id/).waitFor();
    await detail.getByText((await failed).en).waitFor();
    await detail.getByRole('button', { name: 'Copy Feishu log id' }).click();
    await detail.getByText('Copied').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).not.toBe('');
    expect(await detail.innerText()).toContain(copied);
  });

  it('are found by tool, outcome, client, text and time, and a link keeps the filter', async () => {
    const gateway = await start();
    await makeTwoCalls(gateway);
    await listChats(await connect(gateway, 'Cursor'));
    const old = sampleCall({ id: 'call_old', tool: 'docx_old', startedAt: Date.now() - 3 * 24 * 60 * 60_000 });
    gateway.app.bus.publish({ kind: 'call.finished', call: old });
    const { page } = await look(gateway, '#/calls');
    const clear = async () => {
      await page.getByRole('link', { name: 'Clear filters' }).click();
      await eventually(() => rowCount(page)).toBe(4);
    };
    await eventually(() => rowCount(page)).toBe(4);
    await page.getByLabel('Outcome').selectOption('Failed');
    await eventually(() => rowCount(page)).toBe(1);
    await page.reload();
    await page.getByRole('button', { name: 'im_v1_message_list' }).waitFor();
    await eventually(() => rowCount(page)).toBe(1);
    await clear();
    await page.getByRole('combobox', { name: 'Tool' }).fill('message');
    await page.getByRole('option', { name: 'im_v1_message_list' }).click();
    await eventually(() => rowCount(page)).toBe(1);
    await clear();
    await page.getByRole('combobox', { name: 'Client' }).click();
    await page.getByRole('option', { name: 'Cursor', exact: true }).click();
    await eventually(() => rowCount(page)).toBe(1);
    await page.getByRole('gridcell', { name: 'Cursor' }).waitFor();
    await clear();
    await page.getByLabel('When').selectOption('The last hour');
    await eventually(() => rowCount(page)).toBe(3);
    await clear();
    await page.getByLabel('Search').fill('DOCX');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'docx_old' }).waitFor();
    await eventually(() => rowCount(page)).toBe(1);
    await clear();
    await page.getByLabel('Search').fill('nothing has this');
    await page.keyboard.press('Enter');
    await page.getByText('No call matches these filters').waitFor();
  });

  it('of a chosen time are those between its two ends', async () => {
    const gateway = await start();
    const at = (minutes: number) => Date.UTC(2026, 0, 5, 9, minutes);
    for (const minutes of [0, 10, 20]) {
      const call = sampleCall({ id: `call_${minutes}`, tool: `tool_${minutes}`, startedAt: at(minutes) });
      gateway.app.bus.publish({ kind: 'call.finished', call });
    }
    const { page } = await look(gateway, '#/calls', { timezoneId: 'Asia/Shanghai' });
    await page.getByLabel('When').selectOption('Chosen…');
    await page.getByLabel('From').fill('2026-01-05T17:05');
    await page.getByLabel('Until').fill('2026-01-05T17:15');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'tool_10' }).waitFor();
    await eventually(() => rowCount(page)).toBe(1);
  });

  it('that begin do not move what one reads further down', async () => {
    const gateway = await start();
    const now = Date.now();
    for (let number = 0; number < 500; number += 1) {
      const call = sampleCall({ id: `call_${number}`, tool: `tool_${number}`, startedAt: now - 1000 + number });
      gateway.app.bus.publish({ kind: 'call.finished', call });
    }
    const { page } = await look(gateway, '#/calls');
    await page.getByRole('button', { name: 'tool_499', exact: true }).focus();
    for (let press = 0; press < 8; press += 1) await page.keyboard.press('PageDown');
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await eventually(async () => Number((await focused()).slice(5)) < 440).toBe(true);
    const tool = await focused();
    const top = () => page.getByRole('button', { name: tool, exact: true }).boundingBox();
    const before = await top();
    for (let number = 0; number < 300; number += 1) {
      const call = runningCall({ id: `new_${number}`, tool: `new_${number}`, startedAt: now + 1000 + number });
      gateway.app.bus.publish({ kind: 'call.started', call });
      gateway.app.bus.publish({ kind: 'call.finished', call: { ...call, outcome: 'ok', ms: 5 } });
    }
    await eventually(() => rowCount(page)).toBe(800);
    expect(await focused()).toBe(tool);
    expect(Math.abs(((await top())?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
    await page.getByRole('button', { name: 'Back to the newest' }).click();
    await page.getByRole('button', { name: 'new_299', exact: true }).waitFor();
  });

  it('are walked through by the arrows; Tab leads past them', async () => {
    const gateway = await start();
    for (let number = 0; number < 300; number += 1) {
      const call = sampleCall({ id: `call_${number}`, tool: `tool_${number}`, startedAt: Date.now() - 1000 + number });
      gateway.app.bus.publish({ kind: 'call.finished', call });
    }
    const { page } = await look(gateway, '#/calls');
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.getByRole('button', { name: 'tool_299', exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    await eventually(focused).toBe('tool_298');
    await page.keyboard.press('End');
    await eventually(focused).toBe('tool_0');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('call_0', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await eventually(focused).toBe('tool_0');
    await page.keyboard.press('Tab');
    expect(await focused()).not.toMatch(/^tool_/);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Home');
    await eventually(focused).toBe('tool_299');
  });
});

describe('an export', () => {
  it('holds what the filters let through, as CSV and as JSON lines, without a secret', async () => {
    const gateway = await start();
    await makeTwoCalls(gateway);
    const formula = sampleCall({ id: 'call_formula', tool: 'x', client: '=HYPERLINK("x")', startedAt: Date.now() });
    gateway.app.bus.publish({ kind: 'call.finished', call: formula });
    const { page } = await look(gateway, '#/calls?outcome=ok');
    await page.getByRole('button', { name: 'im_v1_chat_list' }).waitFor();
    const save = async (name: string) => {
      const coming = page.waitForEvent('download');
      await page.getByRole('link', { name }).click();
      const download = await coming;
      return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
    };
    const lines = await save('Export JSONL');
    expect(lines.name).toMatch(/\d{4}-\d\d-\d\d.*\.jsonl$/);
    const calls = lines.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(calls.map(({ tool, outcome }) => [tool, outcome])).toEqual([
      ['x', 'ok'],
      ['im_v1_chat_list', 'ok'],
    ]);
    const csv = await save('Export CSV');
    expect(csv.text.trim().split('\n')).toHaveLength(3);
    expect(csv.text).not.toMatch(/(^|,|")=HYPER/m);
    expect(lines.text + csv.text).not.toContain(gateway.key);
  });
});

const lots = 100_000;

/** A data folder in which a lot has happened. */
async function longHistory(): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'larkgate-page-'));
  after(() => rm(data, { recursive: true, force: true }));
  const first = await startGateway({ data });
  await first.close();
  const database = new DatabaseSync(join(data, 'records.sqlite'));
  database
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
       INSERT INTO calls (id, sessionId, keyId, client, tool, startedAt, ms, upstreamMs, outcome, argumentsSha256)
       SELECT 'call_' || i, 'ses_1', 'key_1', 'client_' || i, 'tool_' || (i % 50), ? + i, i % 900, 1,
              CASE WHEN i % 1000 = 0 THEN 'error' ELSE 'ok' END, '' FROM n`,
    )
    .run(lots, Date.now() - lots - 60_000);
  database.close();
  return data;
}

describe('a hundred thousand calls', () => {
  it('are all there: the last is a scroll away, and a filter finds one among them', async () => {
    const gateway = await start({ data: await longHistory(), signedIn: false });
    const { page, complaints } = await look(gateway, '#/calls');
    await eventually(() => rowCount(page)).toBe(lots);
    await page.getByText('100,000 calls').waitFor();
    const scroller = page.getByRole('rowgroup').last();
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    const row = (client: string) =>
      page.getByRole('row').filter({ has: page.getByRole('gridcell', { name: client, exact: true }) });
    await row('client_0').waitFor();
    expect(await row('client_0').getAttribute('aria-rowindex')).toBe(String(lots + 1));
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
    await row('client_50000').waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(80);

    await page.getByLabel('Outcome').selectOption('Failed');
    await eventually(() => rowCount(page)).toBe(lots / 1000);
    await go(page, '#/calls?client=client_4242');
    await row('client_4242').waitFor();
    await eventually(() => rowCount(page)).toBe(1);
    await go(page, '#/calls?text=OOL_7&outcome=error');
    await page.getByText('No call matches these filters').waitFor();
    await go(page, '#/calls?text=OOL_49');
    await row('client_99999').waitFor();
    await eventually(() => rowCount(page)).toBe(lots / 50);
    expect(complaints).toEqual([]);
  });
});
