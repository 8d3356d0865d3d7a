import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCatalog } from '../../../../scripts/build-catalog.ts';
import { overriddenNames } from '../../../../scripts/catalog/annotations.ts';
import { readDefinitions } from '../../../../scripts/catalog/definitions.ts';
import { pathParameters } from '../../../../scripts/catalog/input-schema.ts';
import { builtinTools } from '../../../../src-main/providers/lark/builtin/builtin-tools.ts';
import { Catalog } from '../../../../src-main/providers/lark/catalog.ts';
import { toNameCase } from '../../../../src-main/providers/lark/name-case.ts';
import { alsoAsUser } from '../../../../src-main/providers/lark/user-identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'larkgate-catalog-'));
const again = mkdtempSync(join(tmpdir(), 'larkgate-catalog-'));
const catalogs: Catalog[] = [];

beforeAll(() => {
  buildCatalog(folder);
  catalogs.push(new Catalog(folder, 'en'), new Catalog(folder, 'zh'));
});
afterAll(() => {
  for (const catalog of catalogs) catalog.close();
  rmSync(folder, { recursive: true });
  rmSync(again, { recursive: true });
});

const everyEntry = () => catalogs.flatMap((catalog) => catalog.names().map((name) => catalog.entry(name)));
const properties = (schema: unknown): Record<string, Record<string, unknown>> => Object(Object(schema).properties);

describe('the embedded official definitions', () => {
  test('are all there but the five that hand out tokens of the app', () => {
    const [en, zh] = catalogs.map((catalog) => catalog.names());
    expect(en).toHaveLength(1266);
    expect(zh).toHaveLength(1283);
    const left = readDefinitions('en')
      .map(({ name }) => name)
      .filter((name) => !en?.includes(name));
    expect(left).toEqual([
      'auth.v3.auth.appAccessToken',
      'auth.v3.auth.appAccessTokenInternal',
      'auth.v3.auth.appTicketResend',
      'auth.v3.auth.tenantAccessToken',
      'auth.v3.auth.tenantAccessTokenInternal',
    ]);
  });

  test('come out the same, byte for byte, each time they are built', () => {
    buildCatalog(again);
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(again, name)).equals(readFileSync(join(folder, name))), name).toBe(true);
    }
  });

  test('carry their licence along', () => {
    expect(readFileSync(join(folder, 'LICENSE.lark-openapi-mcp.txt'), 'utf8')).toMatch(/^MIT License\s+Copyright/);
  });

  test('give every entry the name it was asked for by', () => {
    for (const catalog of catalogs) for (const name of catalog.names()) expect(catalog.entry(name).name).toBe(name);
  });

  test('leave no tool where the model could choose the identity', () => {
    expect(everyEntry().filter((entry) => 'useUAT' in properties(entry.inputSchema))).toEqual([]);
  });

  test('require every parameter of a path', () => {
    for (const catalog of catalogs) {
      for (const name of catalog.names()) {
        const parameters = pathParameters(catalog.spec(name)?.path ?? '');
        const { inputSchema } = catalog.entry(name);
        expect(properties(inputSchema).path?.required ?? [], name).toEqual(parameters);
        if (parameters.length > 0) expect(inputSchema.required, name).toContain('path');
      }
    }
  });

  test('have schemas that a strict client can use', () => {
    const ajv = new Ajv({ strict: true, strictRequired: false, validateFormats: false, addUsedSchema: false });
    // Compiling takes long; the Chinese ones are the same schemas and a few more.
    const [en, zh] = catalogs.map((catalog) => catalog.names().map((name) => catalog.entry(name)));
    for (const { name, inputSchema } of zh ?? []) expect(() => ajv.compile(inputSchema), name).not.toThrow();
    for (const { name, inputSchema } of en ?? []) expect(ajv.validateSchema(inputSchema), name).toBe(true);
  });

  test('have titles and descriptions in the language asked for', () => {
    expect(catalogs.map((catalog) => catalog.entry('im.v1.message.create').title)).toEqual([
      'Send message',
      '发送消息',
    ]);
    expect(everyEntry().filter(({ title }) => title === '' || title.length > 120)).toEqual([]);
  });
});

describe('annotations', () => {
  const of = (name: string) => catalogs[0]?.entry(name).annotations;
  const read = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };
  const write = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true };

  test.each([
    ['im.v1.chat.list', read],
    ['bitable.v1.appTableRecord.search', read],
    ['calendar.v4.freebusy.list', read],
    ['contact.v3.user.batchGetId', read],
    ['calendar.v4.calendar.primary', read],
    ['search.v2.message.create', read],
    ['im.v1.message.create', write],
    ['vc.v1.export.meetingList', write],
    ['task.v2.task.patch', { ...write, idempotentHint: true }],
    ['im.v1.message.delete', { ...write, destructiveHint: true, idempotentHint: true }],
    ['bitable.v1.appTableRecord.batchDelete', { ...write, destructiveHint: true }],
    ['contact.v3.functionalRoleMember.batchDelete', { ...write, destructiveHint: true, idempotentHint: true }],
    ['drive.v1.permissionMember.transferOwner', { ...write, destructiveHint: true }],
    ['apaas.v1.applicationFunction.invoke', { ...write, destructiveHint: true }],
  ])('%s', (name, expected) => {
    expect(of(name)).toEqual(expected);
  });

  test('never call a DELETE anything but destructive, nor a GET anything but a read', () => {
    for (const catalog of catalogs) {
      for (const spec of catalog.names().map((name) => catalog.spec(name))) {
        if (spec?.method === 'DELETE') expect(spec.risk, spec.name).toBe('destructive');
        if (spec?.method === 'GET') expect(spec.risk, spec.name).toBe('read');
      }
    }
  });

  test('correct only tools that exist', () => {
    const names = new Set(catalogs[1]?.names());
    expect(overriddenNames.filter((name) => !names.has(name))).toEqual([]);
    expect([...alsoAsUser].filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('presets', () => {
  test('are the eight of the official server', () => {
    const sizes = Object.fromEntries([...(catalogs[0]?.presets ?? [])].map(([name, tools]) => [name, tools.length]));
    expect(sizes).toEqual({
      'preset.light': 10,
      'preset.default': 19,
      'preset.im.default': 5,
      'preset.base.default': 7,
      'preset.base.batch': 7,
      'preset.doc.default': 6,
      'preset.task.default': 4,
      'preset.calendar.default': 5,
    });
  });

  test('name only tools that a signed-in person can use', () => {
    const builtin = builtinTools('en');
    for (const catalog of catalogs) {
      for (const name of [...catalog.presets.values()].flat()) {
        expect(builtin.has(name) || catalog.spec(name)?.acceptsUser || alsoAsUser.has(name), name).toBe(true);
      }
    }
  });
});

describe('idempotency keys', () => {
  test.each([
    ['im.v1.message.create', 'data.uuid'],
    ['im.v1.chat.create', 'params.uuid'],
    ['bitable.v1.appTableRecord.create', 'params.client_token'],
    ['calendar.v4.calendarEvent.create', 'params.idempotency_key'],
    ['task.v2.task.create', 'data.client_token'],
    ['hire.v1.exam.create', undefined],
    ['bitable.v1.app.create', undefined],
  ])('of %s', (name, where) => {
    expect(catalogs[0]?.spec(name)?.idempotencyKey).toBe(where);
  });
});

describe('names', () => {
  const cases = ['snake', 'camel', 'kebab', 'dot'] as const;

  test.each(cases)('in %s case fit every client and never collide', (nameCase) => {
    const names = [...(catalogs[1]?.names() ?? []), ...builtinTools('en').keys()].map((name) =>
      toNameCase(name, nameCase),
    );
    expect(names.filter((name) => !/^[A-Za-z0-9_.-]{1,64}$/.test(name))).toEqual([]);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  test('look like those of the official server', () => {
    expect(cases.map((nameCase) => toNameCase('bitable.v1.appTableRecord.batchCreate', nameCase))).toEqual([
      'bitable_v1_appTableRecord_batchCreate',
      'bitableV1AppTableRecordBatchCreate',
      'bitable-v1-appTableRecord-batchCreate',
      'bitable.v1.appTableRecord.batchCreate',
    ]);
  });

  test('that are too long are cut, and stay apart', () => {
    const cut = ['Create', 'Remove'].map((verb) =>
      toNameCase(`apaas.v1.applicationRecordPermissionMember.batch${verb}Authorization`, 'snake'),
    );
    expect(cut).toEqual([
      'apaas_v1_applicationRecordPermissionMember_batchCreateAu_4074030',
      'apaas_v1_applicationRecordPermissionMember_batchRemoveAu_a93d303',
    ]);
  });
});

test('a catalog that was never built is said in words', () => {
  expect(() => new Catalog(join(folder, 'nowhere'), 'en')).toThrow('Run npm run build first');
});
