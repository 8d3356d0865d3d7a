import { describe, expect, it } from 'vitest';
import { eventually, go, listChats, useDashboard } from './use-dashboard.ts';

const { start, look, connect } = useDashboard();

describe('limits', () => {
  it('show who ran into them, and are raised on the spot', async () => {
    const gateway = await start({ config: { limits: { perSession: 4 } } });
    const { page, complaints } = await look(gateway, '#/limits');
    await page.getByText('No limit was hit in the last hour').waitFor();
    await page.getByRole('img', { name: 'The last hour: 0 limit hits.' }).waitFor();
    const client = await connect(gateway);
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => listChats(client)));
    const refused = results.filter((result) => result.status === 'rejected').length;
    expect(refused).toBeGreaterThan(0);
    const hits = page.getByRole('table', { name: 'Limit hits of the last hour' });
    await hits.getByText('Requests a minute, per session').first().waitFor();
    await hits.getByText('Cherry Studio').first().waitFor();
    await page.getByRole('img', { name: `The last hour: ${refused} limit hits.` }).waitFor();
    const bySession = page.getByRole('table', { name: 'The last hour, by session' });
    await bySession.getByRole('row', { name: new RegExp(`Cherry Studio ${refused} `) }).waitFor();

    await page.getByLabel('A minute, per session').fill('0');
    await page.getByText('Enter a whole number from 1 to 100000').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByLabel('A minute, per session').fill('500');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/In effect now/).waitFor();
    const second = await connect(gateway, 'Second');
    for (let call = 0; call < 10; call += 1) await listChats(second);
    expect(complaints).toEqual([]);
  });

  it('say how much of them is used now, by session and for this machine', async () => {
    const gateway = await start({ config: { limits: { perSession: 40 } } });
    const client = await connect(gateway);
    for (let call = 0; call < 3; call += 1) await listChats(client);
    const { page } = await look(gateway, '#/limits', { locale: 'zh-CN' });
    const use = page.getByRole('table', { name: '现在用了多少' });
    const row = use.getByRole('row').filter({ hasText: 'Cherry Studio' });
    await eventually(() => row.innerText()).toMatch(/[3-9] \/ 40/);
    await use.getByText('这台机器').first().waitFor();
    await listChats(client);
    await eventually(() => row.innerText()).toMatch(/[4-9] \/ 40/);
  });

  it('changed elsewhere are shown here at once', async () => {
    const gateway = await start();
    const first = await look(gateway, '#/limits');
    const second = await look(gateway, '#/limits');
    await first.page.getByLabel('A minute, per address').fill('321');
    await first.page.getByRole('button', { name: 'Save' }).click();
    await eventually(() => second.page.getByLabel('A minute, per address').inputValue()).toBe('321');
    await go(second.page, '#/overview');
    await second.page.getByRole('heading', { name: 'Running' }).waitFor();
  });
});
