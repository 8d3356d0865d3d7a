import type { Locator, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { connectAs } from '../helpers/mcp-client.ts';
import { logOf } from '../helpers/sandbox-control.ts';
import type { StartedGateway } from '../helpers/start-gateway.ts';
import { go, useDashboard } from './use-dashboard.ts';

const { start, look } = useDashboard();

/** A text field; its star for what is required is no part of its name. */
const field = (on: Page | Locator, name: string) => on.getByRole('textbox', { name, exact: true });

describe('trying a tool that reads', () => {
  it('shows the request without sending it, then the answer, and is recorded', async () => {
    const gateway = await start();
    const { page, complaints } = await look(gateway, '#/tools?tool=im.v1.chat.list');
    const form = page.getByRole('region', { name: 'Try it' });
    await form.getByText(/^params · 4 fields/).click();
    await form.getByLabel('page_size').fill('2');
    await form.getByLabel('sort_type').selectOption('ByActiveTimeDesc');
    await form.getByRole('button', { name: 'Preview the request' }).click();
    const preview = form.getByRole('region', { name: 'The request that would be sent' });
    await preview.getByText('GET').waitFor();
    await preview.getByText('page_size = 2').waitFor();
    await preview.getByText('sort_type = ByActiveTimeDesc').waitFor();
    expect(await logOf(gateway.sandbox, '/open-apis/im/v1/chats')).toEqual([]);

    await form.getByRole('button', { name: 'Run' }).click();
    const result = form.getByRole('region', { name: 'Result' });
    await result.getByText('Done').waitFor();
    expect(await result.locator('pre').innerText()).toMatch(/"items": \[\n[\s\S]*oc_/);
    expect(await logOf(gateway.sandbox, '/open-apis/im/v1/chats')).toHaveLength(1);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await result.getByRole('button', { name: 'Copy result' }).click();
    await result.getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('oc_');
    const { calls } = await gateway.app.call('calls', {});
    expect(calls.map(({ tool, client, outcome }) => [tool, client, outcome])).toEqual([
      ['im_v1_chat_list', 'LarkGate dashboard', 'ok'],
    ]);
    expect(complaints).toEqual([]);
  });

  it('says what went wrong at Feishu, as a client would read it', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/tools?tool=im.v1.message.list');
    const form = page.getByRole('region', { name: 'Try it' });
    await field(form, 'container_id_type').fill('chat');
    await field(form, 'container_id').fill('oc_nobody');
    await form.getByRole('button', { name: 'Run' }).click();
    const result = form.getByRole('region', { name: 'Result' });
    await result.getByText('Failed').waitFor();
    await result.getByRole('alert').waitFor();
    expect(await result.locator('pre').innerText()).toContain('"code"');
  });
});

describe('trying a tool that writes', () => {
  async function fillMessage(gateway: StartedGateway, page: Page): Promise<void> {
    const client = await connectAs('Cherry Studio', gateway);
    const chats = await client.callTool({ name: 'im_v1_chat_list', arguments: {} });
    await client.close();
    const chat = /oc_\w+/.exec(JSON.stringify(chats.content))?.[0] ?? '';
    await go(page, '#/tools?tool=im.v1.message.create');
    await field(page, 'receive_id').fill(chat);
    await field(page, 'msg_type').fill('text');
    await field(page, 'content').fill('{"text":"hello <b>from</b> the dashboard"}');
    await page.getByLabel('receive_id_type').selectOption('chat_id');
  }

  it('asks first, naming what will happen, and sends nothing when the answer is no', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/tools');
    await fillMessage(gateway, page);
    await page.getByRole('button', { name: 'Run' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Run “Send message”?').waitFor();
    await dialog.getByText(/really changes something in Feishu as 林晓雨/).waitFor();
    await dialog.getByText('/open-apis/im/v1/messages').waitFor();
    expect(await dialog.locator('pre').innerText()).toContain('hello <b>from</b> the dashboard');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await logOf(gateway.sandbox, '/open-apis/im/v1/messages')).toEqual([]);

    await page.getByRole('button', { name: 'Run' }).click();
    await dialog.getByRole('button', { name: 'Run it' }).click();
    await page.getByRole('region', { name: 'Result' }).getByText('Done').waitFor();
    expect(await logOf(gateway.sandbox, '/open-apis/im/v1/messages')).toHaveLength(1);
  });

  it('names the fields that are missing, and those that the gateway refuses', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/tools?tool=im.v1.message.create');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('Correct 4 fields, then try again.').waitFor();
    expect(await field(page, 'msg_type').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('dialog').count()).toBe(0);

    const form = page.getByRole('region', { name: 'Try it' });
    await form.getByText('JSON', { exact: true }).click();
    await form.getByLabel('Arguments (JSON)').fill('[1]');
    await form.getByRole('button', { name: 'Preview the request' }).click();
    await form.getByText('The arguments must be a JSON object, such as {}').waitFor();
    await form
      .getByLabel('Arguments (JSON)')
      .fill('{"data":{"receive_id":7,"msg_type":"text","content":"{}"},"params":{"receive_id_type":"chat_id"}}');
    await form.getByRole('button', { name: 'Preview the request' }).click();
    await form
      .getByRole('alert')
      .getByText(/data\.receive_id/)
      .waitFor();
    await form.getByText('Form', { exact: true }).click();
    expect(await field(form, 'content').inputValue()).toBe('{}');
    await form.getByText('must be string', { exact: true }).waitFor();
  });

  it('only shows the request while nobody is signed in, and where to sign in', async () => {
    const gateway = await start({ signedIn: false });
    const { page } = await look(gateway, '#/tools?tool=im.v1.chat.list');
    const form = page.getByRole('region', { name: 'Try it' });
    await form.getByText('Nobody is signed in').waitFor();
    expect(await form.getByRole('button', { name: 'Run' }).isDisabled()).toBe(true);
    await form.getByRole('button', { name: 'Preview the request' }).click();
    await form.getByText('/open-apis/im/v1/chats').waitFor();
  });

  it('fills lists, nested parts and points in time', async () => {
    const gateway = await start();
    await gateway.app.call('setTools', { enabled: ['preset.calendar.default'] });
    const { page } = await look(gateway, '#/tools?tool=calendar.v4.calendarEvent.create');
    const form = page.getByRole('region', { name: 'Try it' });
    await field(form, 'calendar_id').fill('cal_1');
    await form.getByLabel('summary').fill('Tea');
    const starts = form.getByRole('group', { name: 'start_time' });
    await starts.getByLabel('Pick a time for timestamp').fill('2026-12-01T10:00');
    const ends = form.getByRole('group', { name: 'end_time' });
    await ends.getByLabel('Pick a day for date').fill('2026-12-02');
    const reminders = form.getByRole('group', { name: 'reminders', exact: true });
    await reminders.getByRole('button', { name: 'Add to reminders' }).click();
    await reminders.getByLabel('minutes').fill('5');
    await form.getByRole('button', { name: 'Preview the request' }).click();
    const preview = form.getByRole('region', { name: 'The request that would be sent' });
    await preview.waitFor();
    const seconds = await page.evaluate(() => new Date('2026-12-01T10:00').getTime() / 1000);
    expect(JSON.parse(await preview.locator('pre').innerText())).toMatchObject({
      summary: 'Tea',
      start_time: { timestamp: String(seconds) },
      end_time: { date: '2026-12-02' },
      reminders: [{ minutes: 5 }],
    });
    await preview.getByText('/open-apis/calendar/v4/calendars/cal_1/events').waitFor();
  });
});
