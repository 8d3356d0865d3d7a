import { describe, expect, it } from 'vitest';
import { ControlError } from '../../../src-renderer/control-client.ts';
import { faultProblems } from '../../../src-renderer/fault-problems.ts';
import { momentFormOf, momentFromPicker, momentToPicker } from '../../../src-renderer/moment-form.ts';
import { schemaNodes } from '../../../src-renderer/schema-tree.ts';
import { toolAnswer } from '../../../src-renderer/tool-answer.ts';
import { argumentsOf, fitsShape, problemsOf, Unreadable } from '../../../src-renderer/tool-arguments.ts';
import { fieldsOf } from '../../../src-renderer/tool-form.ts';

const schema = {
  type: 'object',
  properties: {
    data: {
      type: 'object',
      required: ['title', 'kind'],
      properties: {
        title: { type: 'string' },
        content: { type: 'string' },
        kind: { type: 'string', enum: ['a', 'b'] },
        count: { type: 'integer', minimum: 1, maximum: 9 },
        ratio: { type: ['number', 'null'] },
        quiet: { type: 'boolean' },
        members: {
          type: 'array',
          items: { type: 'object', required: ['id'], properties: { id: { type: 'string' }, note: { type: 'string' } } },
        },
        tags: { type: 'array', items: { type: 'string' } },
        start_time: { type: 'string', description: 'Start time, Unix timestamp in seconds' },
        owner: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
        fields: { type: 'object', additionalProperties: {} },
        either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
        fixed: { const: 'x' },
      },
    },
    params: { type: 'object', properties: { page_size: { type: 'number' } } },
  },
  required: ['data'],
};

const fields = fieldsOf(schema);
const kindsIn = (place: string) => {
  const shape = fields.find(({ name }) => name === place)?.shape;
  return shape?.kind === 'group'
    ? Object.fromEntries(shape.fields.map((field) => [field.name, field.shape.kind]))
    : undefined;
};

describe('a form for a tool', () => {
  it('has a field for each kind of value, and JSON for what no form can show', () => {
    expect(kindsIn('data')).toEqual({
      title: 'text',
      content: 'text',
      kind: 'choice',
      count: 'number',
      ratio: 'number',
      quiet: 'flag',
      members: 'list',
      tags: 'list',
      start_time: 'text',
      owner: 'group',
      fields: 'json',
      either: 'json',
      fixed: 'choice',
    });
    expect(fields.map(({ name, required }) => [name, required])).toEqual([
      ['data', true],
      ['params', false],
    ]);
  });

  it('does not lose itself in a schema without end, or in one that is none', () => {
    const endless: Record<string, unknown> = { type: 'object' };
    endless['properties'] = { again: endless };
    expect(fieldsOf(endless)).toHaveLength(1);
    expect(fieldsOf({ type: 'object', properties: { odd: true, none: null } }).map(({ shape }) => shape.kind)).toEqual([
      'json',
      'json',
    ]);
    expect(fieldsOf({})).toEqual([]);
  });

  it('sends what was filled in and leaves out what was not', () => {
    const values = {
      data: { title: 'Tea', content: '', kind: 'a', count: 3, quiet: false, tags: [], owner: { id: '' }, unknown: 1 },
      params: { page_size: undefined },
      extra: true,
    };
    expect(argumentsOf(fields, values)).toEqual({
      data: { title: 'Tea', kind: 'a', count: 3, quiet: false, unknown: 1 },
      extra: true,
    });
    expect(argumentsOf(fields, {})).toEqual({ data: {} });
  });

  it('names what is missing by the path that the gateway uses as well', () => {
    const values = { data: { kind: 'a', members: [{ note: 'no id' }, { id: 'ou_1' }], tags: ['x', ''] } };
    expect(problemsOf(fields, values).map(({ path }) => path)).toEqual([
      'data.title',
      'data.members[0].id',
      'data.tags[1]',
    ]);
    expect(problemsOf(fields, {}).map(({ path }) => path)).toEqual(['data.title', 'data.kind']);
  });

  it('asks for the required fields of an optional part only once something is in it', () => {
    const data = { title: 'Tea', kind: 'a' };
    expect(problemsOf(fields, { data: { ...data, owner: {} } })).toEqual([]);
    const owner = fieldsOf({
      properties: {
        owner: { type: 'object', required: ['id'], properties: { id: { type: 'string' }, as: { type: 'string' } } },
      },
    });
    expect(problemsOf(owner, { owner: { as: 'x' } }).map(({ path }) => path)).toEqual(['owner.id']);
  });

  it('keeps what cannot be read where it was typed, and sends nothing of it', () => {
    const data = { title: 'Tea', kind: 'a', fields: new Unreadable('{"a":'), count: new Unreadable('-') };
    expect(problemsOf(fields, { data }).map(({ path, words }) => [path, words.en])).toEqual([
      ['data.count', 'Enter a number'],
      ['data.fields', 'This is not valid JSON'],
    ]);
  });

  it('knows which values of pasted JSON it can show', () => {
    const shape = fields[0]?.shape;
    expect(shape && fitsShape(shape, { title: 1 })).toBe(true);
    expect(shape && fitsShape(shape, 'text')).toBe(false);
    expect(fitsShape({ kind: 'choice', options: ['a'] }, 'b')).toBe(false);
  });
});

describe('a point in time', () => {
  it.each([
    ['start_time', '', 'Start time, Unix timestamp in seconds', 'seconds'],
    ['start_time', '', '开始时间，秒级时间戳', 'seconds'],
    ['end_time', '', 'Approval end time, Unix millisecond timestamp', 'milliseconds'],
    ['update_time', '', '更新时间，毫秒时间戳', 'milliseconds'],
    ['start_date', '', 'Start date in YYYY-mm-dd', 'day'],
    ['when', 'date-time', '', 'iso'],
    ['due', 'date', '', 'day'],
    ['time_zone', '', 'The time zone', null],
    ['content', '', 'text with a timestamp in seconds', null],
  ])('in %s (%s, “%s”) is written as %s', (name, format, description, form) => {
    expect(momentFormOf(name, format, description)).toBe(form);
  });

  it('is picked and shown again as the same', () => {
    const picked = '2026-03-04T05:06';
    for (const form of ['seconds', 'milliseconds', 'iso'] as const) {
      const written = momentFromPicker(form, picked);
      expect(new Date(form === 'iso' ? (written ?? '') : Number(written) * (form === 'seconds' ? 1000 : 1))).toEqual(
        new Date(picked),
      );
      expect(momentToPicker(form, written)).toBe(picked);
    }
    expect(momentToPicker('seconds', Number(momentFromPicker('seconds', picked)))).toBe(picked);
    expect(momentFromPicker('day', '2026-03-04')).toBe('2026-03-04');
  });

  it('that is none shows nothing', () => {
    expect(momentFromPicker('seconds', '')).toBeUndefined();
    for (const value of ['', 'soon', undefined, '-1', '99999999999999999999', Number.NaN]) {
      for (const form of ['day', 'iso', 'seconds', 'milliseconds'] as const)
        expect(momentToPicker(form, value)).toBe('');
    }
  });
});

describe('a schema as a tree', () => {
  it('says what each field is, in words', () => {
    const [data] = schemaNodes(schema);
    expect(data).toMatchObject({ name: 'data', required: true, fields: 13 });
    const nodes = new Map(schemaNodes(data?.schema ?? {}).map((node) => [node.name, node]));
    expect(nodes.get('kind')?.options).toEqual(['a', 'b']);
    expect(nodes.get('count')?.rules).toEqual(['minimum 1', 'maximum 9']);
    expect(nodes.get('members')).toMatchObject({ type: { zh: '列表：object', en: 'list of object' }, fields: 2 });
    expect(nodes.get('either')?.type.en).toBe('anything');
    expect(nodes.get('title')?.schema).toBeNull();
  });
});

describe('an answer', () => {
  it('that is JSON is laid out, and any other is as it came', () => {
    expect(toolAnswer({ isError: false, text: '{"a":1}' }, 'en').text).toBe('{\n  "a": 1\n}');
    expect(toolAnswer({ isError: false, text: 'plain' }, 'en')).toEqual({ text: 'plain', message: null, link: null });
  });

  it('that is an error says what happened, with the link that mends it', () => {
    const text = JSON.stringify({ error: { message: 'Sign in.', signInUrl: 'http://127.0.0.1:5275/oauth/start' } });
    expect(toolAnswer({ isError: true, text }, 'en')).toMatchObject({
      message: 'Sign in.',
      link: 'http://127.0.0.1:5275/oauth/start',
    });
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'http://elsewhere.example/',
    'http://127.0.0.1.evil.example/',
    '//x',
  ])('never leads to %s', (grantUrl) => {
    expect(toolAnswer({ isError: true, text: JSON.stringify({ error: { grantUrl } }) }, 'en').link).toBeNull();
  });
});

it('what the gateway says of single fields is found in its fault', () => {
  const said = { zh: '太小', en: 'too small' };
  const error = new ControlError('config_invalid', said, {
    problems: [{ path: 'limits.perSession', words: said }, { field: 'data.x', expected: 'required' }, 'odd', null],
  });
  expect(faultProblems(error).map(({ path, words }) => [path, words.en])).toEqual([
    ['limits.perSession', 'too small'],
    ['data.x', 'required'],
  ]);
  expect(faultProblems(new ControlError(null, said))).toEqual([]);
});
