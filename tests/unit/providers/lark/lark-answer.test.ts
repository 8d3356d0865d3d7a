import { describe, expect, test } from 'vitest';
import { readLarkAnswer } from '../../../../src-main/providers/lark/lark-answer.ts';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  readLarkAnswer({ status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) });
const refusal = (code: number, extra: object = {}, status = 400) => answer(status, { code, msg: 'no', ...extra });

describe('data', () => {
  test('is what Feishu put there, with the log id of the header', () => {
    const read = answer(200, { code: 0, msg: 'success', data: { items: [1] } }, { 'x-tt-logid': 'L1' });
    expect(read).toEqual({ data: { items: [1] }, code: 0, logId: 'L1' });
  });

  test('may lie beside the code, as old services have it', () => {
    expect(answer(200, { code: 0, msg: 'ok', invalid_ids: ['a'] })).toMatchObject({ data: { invalid_ids: ['a'] } });
    expect(answer(200, { code: 0, msg: 'ok', data: null })).toMatchObject({ data: {} });
  });

  test('survives a byte order mark, a code in text and bytes that are no UTF-8', () => {
    expect(answer(200, '\uFEFF{"code":"0","data":{"a":1}}')).toMatchObject({ data: { a: 1 } });
    const latin = Buffer.concat([Buffer.from('{"code":0,"data":{"a":"'), Buffer.from([0xe9]), Buffer.from('"}}')]);
    expect(readLarkAnswer({ status: 200, headers: {}, body: latin })).toMatchObject({ data: { a: '\uFFFD' } });
  });
});

// Every code of "Errors a gateway must handle" with what it becomes and what helps.
test.each([
  [99991661, 'sign_in_again', 'renew'],
  [99991663, 'sign_in_again', 'renew'],
  [99991664, 'sign_in_again', 'renew'],
  [99991665, 'sign_in_again', 'renew'],
  [99991668, 'sign_in_again', 'renew'],
  [99991671, 'sign_in_again', 'renew'],
  [99991677, 'sign_in_again', 'renew'],
  [99991669, 'sign_in_again', 'none'],
  [99991679, 'scope_required', 'none'],
  [99991676, 'scope_required', 'none'],
  [230027, 'scope_required', 'none'],
  [99991672, 'app_scope_required', 'none'],
  [99991543, 'app_credentials', 'none'],
  [99991662, 'app_unavailable', 'none'],
  [99991673, 'app_unavailable', 'none'],
  [99991400, 'upstream_busy', 'wait'],
  [11232, 'upstream_busy', 'wait'],
  [11233, 'upstream_busy', 'wait'],
  [11247, 'upstream_busy', 'wait'],
  [230020, 'upstream_busy', 'wait'],
  [1000004, 'upstream_busy', 'wait'],
  [1000005, 'upstream_busy', 'wait'],
  [131009, 'upstream_busy', 'wait'],
  [1061045, 'upstream_busy', 'wait'],
  [99991403, 'quota_exhausted', 'none'],
  [2200, 'upstream_failed', 'retry'],
  [5000, 'upstream_failed', 'retry'],
  [1500, 'upstream_failed', 'retry'],
  [1663, 'upstream_failed', 'retry'],
  [99991401, 'upstream_refused', 'none'],
  [99992351, 'upstream_refused', 'none'],
  [99992361, 'upstream_refused', 'none'],
  [99992402, 'upstream_refused', 'none'],
  [1254043, 'upstream_refused', 'none'],
  [1064510, 'upstream_refused', 'none'],
  [1064511, 'upstream_refused', 'none'],
  [1063006, 'upstream_refused', 'none'],
  [193103, 'upstream_refused', 'none'],
  [193104, 'upstream_refused', 'none'],
  [1310201, 'upstream_refused', 'none'],
  [1310246, 'upstream_refused', 'none'],
  [2091003, 'upstream_refused', 'none'],
  [2091005, 'upstream_refused', 'none'],
  [230011, 'upstream_refused', 'none'],
  [231003, 'upstream_refused', 'none'],
])('code %i becomes %s whatever the HTTP status, and "%s" helps', (code, fault, remedy) => {
  for (const status of [200, 400, 401, 403]) {
    const read = refusal(code, { data: {} }, status);
    expect(read).toMatchObject({ fault: { code: fault, details: { code, status } }, remedy, code });
  }
});

describe('what a fault tells', () => {
  test('the log id, from the header or else from the body', () => {
    const inBody = { code: 1, msg: 'no', error: { log_id: 'B1' } };
    expect(answer(400, inBody, { 'x-tt-logid': 'H1' })).toMatchObject({
      logId: 'H1',
      fault: { details: { logId: 'H1' } },
    });
    expect(answer(400, inBody)).toMatchObject({ logId: 'B1', fault: { details: { logId: 'B1' } } });
  });

  test('the scopes, of which any one is enough', () => {
    const error = {
      permission_violations: [{ subject: 'im:message' }, { subject: 'im:message' }, { subject: 'a b\n' }, {}],
    };
    expect(refusal(99991679, { error })).toMatchObject({ fault: { details: { anyOf: ['im:message'] } } });
  });

  test('where an app enables the permission: at its own console page, whatever the answer links to', () => {
    const error = { permission_violations: [{ subject: 'im:chat' }, { subject: 'im:chat:read' }] };
    const body = { code: 99991672, msg: 'see https://open.feishu.cn.evil.example/x', error };
    const at = (openUrl: string, code = 99991672) =>
      readLarkAnswer(
        { status: 400, headers: {}, body: Buffer.from(JSON.stringify({ ...body, code })) },
        { appId: 'cli_1', openUrl },
      ).fault?.details?.['consoleUrl'];
    expect(at('https://open.feishu.cn')).toBe(
      'https://open.feishu.cn/page/scope-apply?clientID=cli_1&scopes=im%3Achat%3Aread',
    );
    expect(at('https://open.larksuite.com')).toMatch(/^https:\/\/open\.larksuite\.com\/page\/scope-apply\?/);
    expect(at('https://open.feishu.cn', 99991679)).toBeUndefined();
    expect(answer(400, body).fault?.details).not.toHaveProperty('consoleUrl');
  });

  test('the fields at fault, but not what was in them', () => {
    const error = { field_violations: [{ field: 'page_size', value: 'secret', description: 'the max is 100' }] };
    const { fault } = refusal(99992402, { error });
    expect(fault?.details?.fields).toEqual([{ field: 'page_size', problem: 'the max is 100' }]);
    expect(JSON.stringify(fault?.toBody())).not.toContain('secret');
  });

  test('a message without control characters, and short', () => {
    const { fault } = refusal(1, { msg: `a\u001b[31m\r\nb\u202e${'x'.repeat(1000)}` });
    expect(fault?.details?.msg).toMatch(/^a \[31m {2}b x{280,300}$/);
  });

  test('that an API is for apps only: no fresh token would help', () => {
    const read = refusal(99991668, { msg: 'user access token not support' });
    expect(read).toMatchObject({ fault: { code: 'upstream_refused' }, remedy: 'none' });
    expect(read.fault?.words.zh).toContain('不接受用户身份');
  });
});

describe('rate limits', () => {
  test.each([
    [{ 'x-ogw-ratelimit-reset': '3', 'retry-after': '9' }, 3000],
    [{ 'retry-after': '9' }, 9000],
    [{ 'x-ogw-ratelimit-reset': 'soon' }, undefined],
    [{}, undefined],
  ])('%j asks to wait %s ms', (headers: Record<string, string>, ms) => {
    expect(answer(429, { code: 99991400, msg: 'limited' }, headers).fault?.retryAfterMs).toBe(ms);
    expect(answer(429, '<html>', headers).fault?.retryAfterMs).toBe(ms);
  });

  test('are not mistaken for an exhausted quota', () => {
    expect(answer(429, { code: 99991403, msg: 'quota' })).toMatchObject({
      fault: { code: 'quota_exhausted' },
      remedy: 'none',
    });
  });
});

describe('what is not an answer of Feishu', () => {
  test.each([
    ['a page', '<html>secret-page</html>'],
    ['nothing', ''],
    ['half of an answer', '{"code":0,"data":{"a":'],
    ['a list', '[1,2]'],
    ['a number', '7'],
    ['null', 'null'],
    ['an object without a code', '{"data":{"a":1}}'],
    ['a code that is no number', '{"code":{"a":1}}'],
    ['the plain text of an unknown path', '404 page not found'],
  ])('%s is called broken, and is not shown', (_, body) => {
    const read = answer(200, body, { 'content-type': 'text/html', 'x-tt-logid': 'L9' });
    expect(read).toMatchObject({ fault: { code: 'upstream_broken' }, remedy: 'none', maybeDone: true, logId: 'L9' });
    expect(JSON.stringify(read.fault?.toBody())).not.toMatch(/secret-page|page not found/);
  });

  test('did nothing when it came with 4xx, and may be tried again after 5xx', () => {
    expect(answer(404, '404 page not found')).toMatchObject({ fault: { code: 'upstream_broken' }, maybeDone: false });
    expect(answer(502, '<html>')).toMatchObject({
      fault: { code: 'upstream_failed' },
      remedy: 'retry',
      maybeDone: true,
    });
    expect(answer(500, { code: 777, msg: 'oops' })).toMatchObject({
      fault: { code: 'upstream_failed' },
      remedy: 'retry',
    });
  });

  test('says no with its status, even where the code says yes', () => {
    expect(answer(403, { code: 0, data: {} })).toMatchObject({ fault: { code: 'upstream_refused' } });
    expect(answer(500, { code: 0, data: {} })).toMatchObject({ fault: { code: 'upstream_failed' }, maybeDone: true });
  });

  test('a deeply nested one does not take the process down', () => {
    const deep = `{"code":0,"data":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(() => answer(200, deep)).not.toThrow();
  });
});
