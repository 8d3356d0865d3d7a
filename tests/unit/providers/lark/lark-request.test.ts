import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toLarkRequest } from '../../../../src-main/providers/lark/lark-request.ts';

const getDocument = { method: 'GET', path: '/open-apis/docx/v1/documents/:document_id/raw_content' } as const;
const base = 'https://open.feishu.cn';

describe('a path parameter', () => {
  test('is percent-encoded', () => {
    const { path } = toLarkRequest(getDocument, { path: { document_id: '../../contact/v3/users/ou_1?x=#' } });
    expect(path).toBe('/open-apis/docx/v1/documents/..%2F..%2Fcontact%2Fv3%2Fusers%2Fou_1%3Fx%3D%23/raw_content');
  });

  test.each(['', '.', '..', '\uD800', undefined, null, {}, ['a']])('%j is refused, naming the field', (document_id) => {
    expect(() => toLarkRequest(getDocument, { path: { document_id } })).toThrow('path.document_id is not a valid id');
  });

  test('never leaves its own segment, whatever it is', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('.', '/', '%2e', '%2F', '\\', '?', '#', '\t', '\n', ';', ' ', '\0'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(nasty, (id) => {
        let path: string;
        try {
          path = toLarkRequest(getDocument, { path: { document_id: id } }).path;
        } catch {
          return;
        }
        const url = new URL(path, base);
        expect(url.origin).toBe(base);
        expect(url.search + url.hash).toBe('');
        const segments = url.pathname.split('/');
        expect(segments).toHaveLength(7);
        expect(segments.toSpliced(5, 1)).toEqual(['', 'open-apis', 'docx', 'v1', 'documents', 'raw_content']);
        expect(decodeURIComponent(segments[5] ?? '')).toBe(id);
      }),
      { numRuns: 2000 },
    );
  });

  test('that is a name of the language itself counts as missing', () => {
    const spec = { method: 'GET', path: '/open-apis/x/:constructor' } as const;
    expect(() => toLarkRequest(spec, { path: {} })).toThrow('path.constructor');
  });
});

describe('the query', () => {
  const list = (params: unknown) => toLarkRequest({ method: 'GET', path: '/open-apis/im/v1/chats' }, { params }).query;

  test('repeats the key of a list and leaves out what is absent', () => {
    expect(list({ ids: ['a', 'b&c'], page_size: 20, flag: false, none: null, gone: undefined, empty: '' })).toEqual([
      ['ids', 'a'],
      ['ids', 'b&c'],
      ['page_size', '20'],
      ['flag', 'false'],
      ['empty', ''],
    ]);
  });

  test('is empty without params', () => {
    expect(list(undefined)).toEqual([]);
  });
});

describe('the body', () => {
  test('is the data, untouched', () => {
    const data = { receive_id: 'oc_1', content: '{"text":"hi"}' };
    expect(toLarkRequest({ method: 'POST', path: '/open-apis/im/v1/messages' }, { data }).body).toBe(data);
  });

  test('is absent without data, and an empty one does not turn a GET into something odd', () => {
    expect(toLarkRequest({ method: 'POST', path: '/open-apis/calendar/v4/calendars/primary' }, {})).not.toHaveProperty(
      'body',
    );
    expect(toLarkRequest({ method: 'GET', path: '/open-apis/im/v1/chats' }, { data: {} })).not.toHaveProperty('body');
  });
});
