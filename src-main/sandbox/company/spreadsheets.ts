import { addFile, type NewFile } from './drive-files.ts';
import type { DriveFile, World } from './world.ts';

/** A new spreadsheet: with one empty sheet, or with the sheets given. */
export function createSpreadsheet(
  world: World,
  {
    sheets = [{ title: 'Sheet1', values: [] }],
    ...file
  }: Omit<NewFile, 'token' | 'type'> & { sheets?: { title: string; values: unknown[][] }[] },
): DriveFile {
  return world.store.atomically(() => {
    const added = addFile(world, { token: world.store.nextId('spreadsheet'), type: 'sheet', ...file });
    sheets.forEach(({ title, values }, index) => {
      world.sheets.add('sheet', (id) => ({
        id,
        spreadsheet: added.token,
        title,
        index,
        rows: 200,
        columns: 20,
        values,
      }));
    });
    return added;
  });
}
