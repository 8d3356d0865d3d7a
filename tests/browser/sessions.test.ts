import { describe, expect, it } from 'vitest';
import { sampleHit } from '../helpers/sample-views.ts';
import { eventually, listChats, useDashboard } from './use-dashboard.ts';

const { start, look, connect } = useDashboard();

describe('sessions', () => {
  it('come and go as clients do, and can be ended', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/sessions');
    await page.getByText('No client is connected').waitFor();
    const client = await connect(gateway, 'Claude Code');
    await listChats(client);
    const live = page.getByRole('table', { name: 'Live' });
    await live.getByText('Claude Code').waitFor();
    await live.getByRole('link', { name: '1, see the calls of Claude Code' }).waitFor();
    await live.getByRole('button', { name: 'Disconnect Claude Code' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('table', { name: 'Earlier sessions' }).getByText('Ended by the client or by you').waitFor();
    await expect(listChats(client)).rejects.toThrow();
  });

  it('lead to their calls', async () => {
    const gateway = await start();
    await listChats(await connect(gateway, 'Claude Code'));
    await listChats(await connect(gateway, 'Cursor'));
    const { page } = await look(gateway, '#/sessions');
    await page.getByRole('link', { name: 'see the calls of Cursor' }).click();
    await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
    await eventually(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe('2');
    await page.getByRole('gridcell', { name: 'Cursor' }).waitFor();
  });
});

describe('one session', () => {
  it('is told as it goes on: its calls in order, how they ended, the limits it met', async () => {
    const gateway = await start();
    const client = await connect(gateway, 'Claude Code');
    const { page, complaints } = await look(gateway, '#/sessions');
    await page.getByRole('link', { name: 'Claude Code', exact: true }).click();
    await page.getByRole('heading', { name: 'Claude Code', level: 1 }).waitFor();
    await page.getByText('Nothing is recorded of this session').waitFor();
    await listChats(client);
    const nobody = { params: { container_id: 'oc_nobody', container_id_type: 'chat' } };
    await client.callTool({ name: 'im_v1_message_list', arguments: nobody });
    const moments = page.getByRole('list', { name: 'What happened' }).getByRole('listitem');
    await eventually(() => moments.count()).toBe(2);
    expect(await moments.nth(0).innerText()).toMatch(/im_v1_chat_list[\s\S]*Done/);
    expect(await moments.nth(1).innerText()).toMatch(/im_v1_message_list[\s\S]*Failed/);
    const sessionId = new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('session') ?? '';
    gateway.app.bus.publish({ kind: 'limit.hit', hit: sampleHit({ sessionId, retryAfterMs: 1500 }) });
    await moments.getByText('Met a limit: Requests a minute, per session, to wait 1.50 s').waitFor();
    await page.getByRole('img', { name: /^2 calls within .*, 1 failed, 1 limit hits/ }).waitFor();
    await moments.getByRole('button', { name: 'im_v1_chat_list' }).click();
    await page.getByRole('dialog').getByText('In the gateway').waitFor();
    expect(complaints).toEqual([]);
  });

  it('works as another account once one is chosen, and can be ended there', async () => {
    const gateway = await start();
    await gateway.signIn('chen.zhiyuan');
    const client = await connect(gateway, 'Claude Code');
    const { page } = await look(gateway, '#/sessions');
    await page.getByRole('link', { name: 'Claude Code', exact: true }).click();
    const other = gateway.app.accounts().find((account) => !account.isDefault);
    const select = page.getByLabel('Account of Claude Code');
    await select.selectOption(other?.name ?? '');
    // It shows what the gateway says.
    await eventually(() => select.inputValue()).toBe(other?.id);
    const used = new Promise((resolve) =>
      gateway.app.bus.subscribe((event) => event.kind === 'call.finished' && resolve(event.call.accountId)),
    );
    await listChats(client);
    expect(await used).toBe(other?.id);
    await page.getByRole('button', { name: 'Disconnect Claude Code' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Ended by the client or by you').waitFor();
    await page.getByRole('list', { name: 'What happened' }).getByText('im_v1_chat_list').waitFor();
  });

  it('that nobody knows says so', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/sessions?session=ses_nowhere', { locale: 'zh-CN' });
    await page.getByText('这个会话没有记录').waitFor();
    await page.getByRole('link', { name: '全部会话' }).click();
    await page.getByRole('heading', { name: '会话', level: 1 }).waitFor();
  });
});
