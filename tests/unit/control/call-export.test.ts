import { expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import type { CallView } from '../../../src-main/contract/views.ts';
import { exportCalls } from '../../../src-main/control/call-export.ts';
import type { CallFilter } from '../../../src-main/control/call-conditions.ts';
import { sampleCall, sampleTime } from '../../helpers/sample-views.ts';

async function exported(query: Record<string, unknown>, all: CallView[] = [sampleCall()]): Promise<string> {
  const { pieces } = exportCalls(query, { calls: () => ({ calls: all, next: null }), now: () => sampleTime });
  return (await Array.fromAsync(pieces)).join('');
}

test('a download is named by its day and form', () => {
  const parts = { calls: () => ({ calls: [], next: null }), now: () => sampleTime };
  expect(exportCalls({ format: 'csv' }, parts)).toMatchObject({
    filename: 'larkgate-calls-2026-11-02.csv',
    contentType: 'text/csv; charset=utf-8',
  });
  expect(exportCalls({ format: 'jsonl' }, parts).filename).toBe('larkgate-calls-2026-11-02.jsonl');
});

test('JSON lines are the calls as the API tells them, with a time that people can read', async () => {
  const text = await exported({ format: 'jsonl' }, [sampleCall(), sampleCall({ id: 'call_2', client: '客户端' })]);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(lines).toEqual([
    { ...sampleCall(), startedAt: '2026-11-02T09:00:00.000Z' },
    { ...sampleCall({ id: 'call_2', client: '客户端' }), startedAt: '2026-11-02T09:00:00.000Z' },
  ]);
});

test('CSV begins with the mark that Excel needs and with the names of the columns', async () => {
  const [head, line] = (await exported({ format: 'csv' })).split('\r\n');
  expect(head).toMatch(/^\uFEFFstartedAt,tool,outcome,/);
  expect(line).toMatch(/^2026-11-02T09:00:00\.000Z,im_v1_message_list,ok,,Cherry Studio,acc_1,read,84\.5,80\.25,0,/);
});

test.each(['=HYPERLINK("http://evil")', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '＝1', '\r=1'])(
  'a name like %j becomes a text and no formula',
  async (client) => {
    const text = await exported({ format: 'csv' }, [sampleCall({ client })]);
    const cell = text.split('ok,,')[1] ?? '';
    expect(cell.replace(/^"/, '').startsWith("'")).toBe(true);
  },
);

test('quotes, commas and line breaks stay inside their cell', async () => {
  const text = await exported({ format: 'csv' }, [sampleCall({ client: 'a "b", c\nd' })]);
  expect(text).toContain(',"a ""b"", c\nd",');
});

test.each(['jsonl', 'csv'])('what looks like a secret in a client’s name is masked in %s', async (format) => {
  const text = await exported({ format }, [sampleCall({ client: 'x u-Canary0123456789 Bearer Canary0123456789' })]);
  expect(text).not.toContain('Canary');
});

test('pages are read one after the other, and only when somebody takes them', async () => {
  const asked: CallFilter[] = [];
  const calls = (filter: CallFilter) => {
    asked.push(filter);
    const at = asked.length;
    return { calls: [sampleCall({ id: `call_${at}` })], next: at < 1000 ? `call_${at}` : null };
  };
  const { pieces } = exportCalls({ format: 'jsonl', tool: 'docs', from: '5' }, { calls, now: () => 0 });
  const iterator = pieces[Symbol.asyncIterator]();
  await iterator.next();
  expect(asked).toMatchObject([{ tool: 'docs', from: 5, limit: 500 }]);
  await iterator.next();
  expect(asked).toHaveLength(2);
  expect(asked[1]).toMatchObject({ before: 'call_1', tool: 'docs' });
});

test('records that cannot be read break the download off instead of making it short', async () => {
  const calls = () => {
    throw new Fault('storage');
  };
  const { pieces } = exportCalls({ format: 'jsonl' }, { calls, now: () => 0 });
  await expect(Array.fromAsync(pieces)).rejects.toMatchObject({ code: 'storage' });
});

test.each([
  [{}, 'format'],
  [{ format: 'xml' }, 'format'],
  [{ format: 'csv', outcome: 'Canary9' }, 'outcome'],
  [{ format: 'csv', from: 'Canary9' }, 'from'],
  [{ format: 'csv', canary: 'Canary9' }, 'query'],
])('a wrong query %j is refused by the name of the field', async (query, field) => {
  const fault = await exported(query).catch((thrown: unknown) => Fault.from(thrown));
  expect(fault).toMatchObject({ code: 'invalid_request', details: { fields: [field] } });
  expect(JSON.stringify(fault)).not.toContain('Canary9');
});
