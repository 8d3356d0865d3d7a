import { z } from 'zod';
import { findTable, learnOptions, requireView } from '../company/base-tables.ts';
import { ownerOf, touch } from '../company/drive-files.ts';
import { readCells, requireFit } from '../company/field-types.ts';
import { findPerson } from '../company/people.ts';
import { fieldNamed, filterRecords, filterSchema, sortRecords, sortSchema } from '../company/record-filter.ts';
import { type BaseRecord, type BaseTable, once, type World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { flag, type OpenCall, type OpenRoute, pageOf, pageQuery, required, route } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const fields = z.record(z.string(), z.unknown());
const oneBody = z.object({ fields });
const createManyBody = z.object({ records: z.array(z.object({ fields })).min(1).max(1000) });
const updateManyBody = z.object({
  records: z
    .array(z.object({ record_id: required, fields }))
    .min(1)
    .max(1000),
});
const deleteManyBody = z.object({ records: z.array(z.string()).min(1).max(500) });
const getManyBody = z.object({
  record_ids: z.array(z.string()).min(1).max(100),
  automatic_fields: z.boolean().default(false),
});
const createQuery = z.object({ client_token: z.string().optional() });
const listQuery = pageQuery.extend({
  view_id: z.string().optional(),
  filter: z.string().optional(),
  automatic_fields: flag.optional(),
  text_field_as_array: flag.optional(),
});
const searchBody = z.object({
  view_id: z.string().optional(),
  field_names: z.array(z.string()).optional(),
  sort: sortSchema.default([]),
  filter: filterSchema.prefault({}),
  automatic_fields: z.boolean().default(false),
});

interface Showing {
  automatic?: boolean;
  textAsList?: boolean;
  names?: string[] | undefined;
}

export function recordRoutes(world: World): OpenRoute[] {
  const path = '/bitable/v1/apps/:app_token/tables/:table_id/records';
  return [
    route('POST', `${path}/search`, scopes.recordRead, (call) => {
      const body = call.body(searchBody);
      const table = findTable(world, call);
      requireView(table, body.view_id);
      const found = sortRecords(
        filterRecords(world.records.list(table.id), table.fields, body.filter, world.now()),
        table.fields,
        body.sort,
      );
      const page = pageOf(found, call.query(pageQuery));
      const showing = { automatic: body.automatic_fields, textAsList: true, names: body.field_names };
      return ok({ ...page, total: found.length, items: page.items.map((record) => viewOf(table, record, showing)) });
    }),
    route('GET', path, scopes.recordRead, (call) => {
      const query = call.query(listQuery);
      const table = findTable(world, call);
      requireView(table, query.view_id);
      if (query.filter) throw new Refusal(1_254_018, 'InvalidFilter: use records/search to filter');
      const all = world.records.list(table.id);
      const page = pageOf(all, query);
      const showing = { automatic: query.automatic_fields ?? false, textAsList: query.text_field_as_array ?? false };
      return ok({ ...page, total: all.length, items: page.items.map((record) => viewOf(table, record, showing)) });
    }),
    route('GET', `${path}/:record_id`, scopes.recordRead, (call) => {
      const table = findTable(world, call);
      return ok({ record: viewOf(table, findRecord(world, table, call.param('record_id')), {}) });
    }),
    route('POST', `${path}/batch_get`, scopes.recordRead, (call) => {
      const body = call.body(getManyBody);
      const table = findTable(world, call);
      const found = body.record_ids.map((id) => world.records.get(id)).filter((record) => record?.table === table.id);
      const records = found.flatMap((record) =>
        record ? [viewOf(table, record, { automatic: body.automatic_fields })] : [],
      );
      return ok({
        records,
        forbidden_record_ids: [],
        absent_record_ids: body.record_ids.filter((id) => world.records.get(id)?.table !== table.id),
      });
    }),
    ...writeRoutes(world, path),
    ...deleteRoutes(world, path),
  ];
}

function writeRoutes(world: World, path: string): OpenRoute[] {
  return [
    route('POST', path, scopes.recordCreate, (call) => {
      const body = call.body(oneBody);
      const table = findTable(world, call);
      const key = call.query(createQuery).client_token;
      const record = once(world, {
        key: key && `record/${table.id}/${key}`,
        find: (id) => world.records.get(id),
        make: () => add(world, call, table, [body.fields])[0],
        idOf: (made) => made?.id ?? '',
      });
      return ok({ record: record && viewOf(table, record, {}) });
    }),
    route('POST', `${path}/batch_create`, scopes.recordCreate, (call) => {
      const rows = call.body(createManyBody).records.map((row) => row.fields);
      const table = findTable(world, call);
      const key = call.query(createQuery).client_token;
      const records = once(world, {
        key: key && `records/${table.id}/${key}`,
        find: (ids) => ids.split(',').flatMap((id) => world.records.get(id) ?? []),
        make: () => add(world, call, table, rows),
        idOf: (made) => made.map((record) => record.id).join(','),
      });
      return ok({ records: records.map((record) => viewOf(table, record, {})) });
    }),
    route('PUT', `${path}/:record_id`, scopes.recordUpdate, (call) => {
      const changes = [{ record_id: call.param('record_id'), fields: call.body(oneBody).fields }];
      return ok({ record: change(world, call, changes)[0] });
    }),
    route('POST', `${path}/batch_update`, scopes.recordUpdate, (call) =>
      ok({ records: change(world, call, call.body(updateManyBody).records) }),
    ),
  ];
}

function deleteRoutes(world: World, path: string): OpenRoute[] {
  return [
    route('DELETE', `${path}/:record_id`, scopes.recordDelete, (call) => {
      const record = findRecord(world, findTable(world, call), call.param('record_id'));
      return ok({ deleted: world.records.delete(record.id), record_id: record.id });
    }),
    route('POST', `${path}/batch_delete`, scopes.recordDelete, (call) => {
      const table = findTable(world, call);
      const records = call.body(deleteManyBody).records.map((id) => findRecord(world, table, id));
      world.store.atomically(() => records.forEach((record) => world.records.delete(record.id)));
      return ok({ records: records.map((record) => ({ deleted: true, record_id: record.id })) });
    }),
  ];
}

function add(world: World, call: OpenCall, table: BaseTable, rows: Record<string, unknown>[]): BaseRecord[] {
  for (const row of rows) requireFit(table.fields, row);
  const { owner } = ownerOf(call);
  const now = world.now();
  return world.store.atomically(() => {
    learnOptions(world, table, rows);
    touch(world, table.base);
    return rows.map((row) =>
      world.records.add('record', (id) => ({
        id,
        table: table.id,
        fields: row,
        createdBy: owner,
        createdAt: now,
        modifiedBy: owner,
        modifiedAt: now,
      })),
    );
  });
}

function change(world: World, call: OpenCall, changes: { record_id: string; fields: Record<string, unknown> }[]) {
  const table = findTable(world, call);
  const before = changes.map((one) => findRecord(world, table, one.record_id));
  for (const one of changes) requireFit(table.fields, one.fields);
  const { owner } = ownerOf(call);
  return world.store.atomically(() => {
    learnOptions(
      world,
      table,
      changes.map((one) => one.fields),
    );
    touch(world, table.base);
    return changes.map((one, at) => {
      const record = before[at] ?? findRecord(world, table, one.record_id);
      const cells = { ...record.fields, ...one.fields };
      return viewOf(
        table,
        world.records.put(record.id, { ...record, fields: cells, modifiedBy: owner, modifiedAt: world.now() }),
        {},
      );
    });
  });
}

function findRecord(world: World, table: BaseTable, id: string): BaseRecord {
  const record = world.records.get(id);
  if (record?.table !== table.id) throw new Refusal(1_254_043, 'RecordIdNotFound');
  return record;
}

function viewOf(table: BaseTable, record: BaseRecord, { automatic = false, textAsList = false, names }: Showing) {
  const shown = names ? names.map((name) => fieldNamed(table.fields, name)) : table.fields;
  return {
    record_id: record.id,
    fields: readCells(shown, record, textAsList),
    ...(automatic && {
      created_by: personOf(record.createdBy),
      created_time: record.createdAt,
      last_modified_by: personOf(record.modifiedBy),
      last_modified_time: record.modifiedAt,
    }),
  };
}

function personOf(key: string) {
  const person = findPerson(key);
  return person
    ? { id: person.openId, name: person.name, en_name: person.enName, email: person.email, avatar_url: '' }
    : { id: key, name: '应用' };
}
