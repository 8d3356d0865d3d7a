import { Refusal } from '../wire/envelope.ts';
import type { OpenCall } from '../wire/open-route.ts';
import { addFile, findFile } from './drive-files.ts';
import { newOptions, optionsOf, uiTypeOf } from './field-types.ts';
import type { BaseField, BaseTable, DriveFile, World } from './world.ts';

/** Bases say no with these, and with HTTP 200. */
const baseCodes = { missing: 1_254_040, forbidden: 1_254_302 };

export interface NewField {
  field_name: string;
  type: number;
  property?: Record<string, unknown> | undefined;
  description?: unknown;
}

export function findBase(world: World, call: OpenCall): DriveFile {
  const base = findFile(world, call, call.param('app_token'), baseCodes);
  if (base.type !== 'bitable') throw new Refusal(baseCodes.missing, 'BaseTokenNotFound');
  return base;
}

export function findTable(world: World, call: OpenCall): BaseTable {
  const base = findBase(world, call);
  const table = world.tables.get(call.param('table_id'));
  if (table?.base !== base.token) throw new Refusal(1_254_041, 'TableIdNotFound');
  return table;
}

export function findField(table: BaseTable, id: string): BaseField {
  const field = table.fields.find((one) => one.field_id === id);
  if (!field) throw new Refusal(1_254_044, 'FieldIdNotFound');
  return field;
}

export function requireView(table: BaseTable, viewId: string | undefined): void {
  if (viewId && !table.views.some((view) => view.view_id === viewId)) throw new Refusal(1_254_042, 'ViewIdNotFound');
}

export function createBase(
  world: World,
  base: { name: string; owner: string; tenantKey: string; parent?: string | undefined },
): { file: DriveFile; table: BaseTable } {
  const file = addFile(world, { token: world.store.nextId('base'), type: 'bitable', ...base });
  return { file, table: createTable(world, file.token, { name: '数据表', fields: [] }) };
}

/** Adds a table with one grid view; without fields it gets the ones that a fresh table has. */
export function createTable(
  world: World,
  base: string,
  table: { name: string; viewName?: string | undefined; fields: NewField[] },
): BaseTable {
  if (world.tables.list(base).some((other) => other.name === table.name))
    throw new Refusal(1_254_013, 'TableNameDuplicated');
  const fields = table.fields.length > 0 ? table.fields : [{ field_name: '文本', type: 1 }];
  return world.tables.add('table', (id) => ({
    id,
    base,
    name: table.name,
    revision: 1,
    fields: fields.map((field, at) => makeField(world, field, at === 0)),
    views: [{ view_id: world.store.nextId('view'), view_name: table.viewName ?? '表格', view_type: 'grid' }],
  }));
}

export function makeField(
  world: World,
  field: NewField,
  primary: boolean,
  id = world.store.nextId('field'),
): BaseField {
  const made: BaseField = {
    field_id: id,
    field_name: field.field_name,
    type: field.type,
    ui_type: uiTypeOf(field.type),
    is_primary: primary,
    property: field.property ?? null,
    ...(field.description !== undefined && { description: field.description }),
  };
  const options = optionsOf(made).map((option) => ({ ...option, id: option.id || world.store.nextId('option') }));
  return options.length > 0 ? { ...made, property: { ...field.property, options } } : made;
}

/** Gives select fields an option for every new value that is about to be written. */
export function learnOptions(world: World, table: BaseTable, rows: readonly Record<string, unknown>[]): void {
  const fields = table.fields.map((field) => {
    const fresh = newOptions(
      field,
      rows.map((row) => row[field.field_name]),
    );
    if (fresh.length === 0) return field;
    const before = optionsOf(field);
    const options = fresh.map((name, at) => ({
      id: world.store.nextId('option'),
      name,
      color: (before.length + at) % 54,
    }));
    return { ...field, property: { options: [...before, ...options] } };
  });
  if (fields.some((field, at) => field !== table.fields[at])) world.tables.put(table.id, { ...table, fields });
}
