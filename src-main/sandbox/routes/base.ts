import { z } from 'zod';
import {
  createBase,
  createTable,
  findBase,
  findField,
  findTable,
  makeField,
  requireView,
} from '../company/base-tables.ts';
import { ownerOf, urlOf } from '../company/drive-files.ts';
import type { BaseTable, World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { type OpenCall, type OpenRoute, pageOf, pageQuery, required, route } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const name = z.string().min(1).max(100);
const fieldBody = z.object({
  field_name: required,
  type: z.int(),
  property: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((value) => value ?? undefined),
  description: z.unknown().optional(),
});
const createBaseBody = z.object({
  name: z.string().default('未命名多维表格'),
  folder_token: z.string().optional(),
  time_zone: z.string().default('Asia/Shanghai'),
});
const createTableBody = z.object({
  table: z.object({ name, default_view_name: z.string().optional(), fields: z.array(fieldBody).max(300).default([]) }),
});
const createTablesBody = z.object({ tables: z.array(z.object({ name })).min(1) });
const renameBody = z.object({ name });
const fieldsQuery = pageQuery.extend({ view_id: z.string().optional() });

export function baseRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/bitable/v1/apps', scopes.baseCreate, (call) => {
      const body = call.body(createBaseBody);
      const { file, table } = world.store.atomically(() =>
        createBase(world, { name: body.name, parent: body.folder_token, ...ownerOf(call) }),
      );
      const app = {
        app_token: file.token,
        name: file.name,
        revision: 1,
        folder_token: file.parent,
        url: urlOf('bitable', file.token),
      };
      return ok({ app: { ...app, default_table_id: table.id, time_zone: body.time_zone } });
    }),
    route('GET', '/bitable/v1/apps/:app_token', scopes.baseRead, (call) => {
      const base = findBase(world, call);
      return ok({
        app: { app_token: base.token, name: base.name, revision: 1, is_advanced: false, time_zone: 'Asia/Shanghai' },
      });
    }),
    route('PUT', '/bitable/v1/apps/:app_token', scopes.baseUpdate, (call) => {
      const base = findBase(world, call);
      const changed = world.files.put(base.token, { ...base, ...call.body(renameBody), editedAt: world.now() });
      return ok({ app: { app_token: base.token, name: changed.name, is_advanced: false } });
    }),
    ...tableRoutes(world),
    ...fieldRoutes(world),
  ];
}

function tableRoutes(world: World): OpenRoute[] {
  const path = '/bitable/v1/apps/:app_token/tables';
  return [
    route('GET', path, scopes.tableRead, (call) => {
      const tables = world.tables.list(findBase(world, call).token);
      const page = pageOf(tables, call.query(pageQuery));
      return ok({
        ...page,
        total: tables.length,
        items: page.items.map((table) => ({ table_id: table.id, revision: table.revision, name: table.name })),
      });
    }),
    route('POST', path, scopes.tableCreate, (call) => {
      const body = call.body(createTableBody).table;
      const table = createTable(world, findBase(world, call).token, {
        name: body.name,
        viewName: body.default_view_name,
        fields: body.fields,
      });
      return ok({
        table_id: table.id,
        default_view_id: table.views[0]?.view_id,
        field_id_list: table.fields.map((field) => field.field_id),
      });
    }),
    route('POST', `${path}/batch_create`, scopes.tableCreate, (call) => {
      const base = findBase(world, call).token;
      const { tables } = call.body(createTablesBody);
      const made = world.store.atomically(() =>
        tables.map((table) => createTable(world, base, { name: table.name, fields: [] })),
      );
      return ok({ table_ids: made.map((table) => table.id) });
    }),
    route('PATCH', `${path}/:table_id`, scopes.tableUpdate, (call) => {
      const table = findTable(world, call);
      return ok({
        name: world.tables.put(table.id, { ...table, ...call.body(renameBody), revision: table.revision + 1 }).name,
      });
    }),
    route('DELETE', `${path}/:table_id`, scopes.tableDelete, (call) => {
      const table = findTable(world, call);
      if (world.tables.list(table.base).length === 1) throw new Refusal(1_254_034, 'the last table cannot be deleted');
      world.store.atomically(() => {
        for (const record of world.records.list(table.id)) world.records.delete(record.id);
        world.tables.delete(table.id);
      });
      return ok();
    }),
  ];
}

function fieldRoutes(world: World): OpenRoute[] {
  const path = '/bitable/v1/apps/:app_token/tables/:table_id/fields';
  const change = (table: BaseTable, fields: BaseTable['fields']) =>
    world.tables.put(table.id, { ...table, fields, revision: table.revision + 1 });
  return [
    route('GET', path, scopes.fieldRead, (call) => {
      const query = call.query(fieldsQuery);
      const table = findTable(world, call);
      requireView(table, query.view_id);
      return ok({ ...pageOf(table.fields, query), total: table.fields.length });
    }),
    route('POST', path, scopes.fieldCreate, (call) => {
      const table = findTable(world, call);
      const body = call.body(fieldBody);
      requireFreeName(table, body.field_name);
      const field = makeField(world, body, false);
      change(table, [...table.fields, field]);
      return ok({ field });
    }),
    route('PUT', `${path}/:field_id`, scopes.fieldUpdate, (call) => {
      const table = findTable(world, call);
      const before = findField(table, call.param('field_id'));
      const body = call.body(fieldBody);
      if (body.field_name !== before.field_name) requireFreeName(table, body.field_name);
      const field = makeField(world, body, before.is_primary, before.field_id);
      world.store.atomically(() => {
        change(
          table,
          table.fields.map((one) => (one.field_id === field.field_id ? field : one)),
        );
        renameCells(world, table, before.field_name, field.field_name);
      });
      return ok({ field });
    }),
    route('DELETE', `${path}/:field_id`, scopes.fieldDelete, (call: OpenCall) => {
      const table = findTable(world, call);
      const field = findField(table, call.param('field_id'));
      if (field.is_primary) throw new Refusal(1_254_046, 'the primary field cannot be deleted');
      change(
        table,
        table.fields.filter((one) => one !== field),
      );
      return ok({ field_id: field.field_id, deleted: true });
    }),
  ];
}

function requireFreeName(table: BaseTable, fieldName: string): void {
  if (table.fields.some((field) => field.field_name === fieldName)) throw new Refusal(1_254_014, 'FieldNameDuplicated');
}

function renameCells(world: World, table: BaseTable, from: string, to: string): void {
  if (from === to) return;
  for (const record of world.records.list(table.id)) {
    const { [from]: value, ...others } = record.fields;
    if (value !== undefined) world.records.put(record.id, { ...record, fields: { ...others, [to]: value } });
  }
}
