import { Refusal } from '../wire/envelope.ts';
import type { OpenCall } from '../wire/open-route.ts';
import { makeId } from './ids.ts';
import { findPerson } from './people.ts';
import type { DriveFile, World } from './world.ts';

/** The top folder of whoever calls. */
export function rootFolder(owner: string): string {
  return makeId('folder', `root/${owner}`);
}

const usualSetting = {
  external_access: false,
  security_entity: 'anyone_can_view',
  comment_entity: 'anyone_can_view',
  share_entity: 'anyone',
  link_share_entity: 'tenant_readable',
  invite_external: true,
  lock_switch: false,
};

export interface NewFile {
  token: string;
  type: DriveFile['type'];
  name: string;
  owner: string;
  tenantKey: string;
  /** Folder; the owner's top one when absent or empty. */
  parent?: string | undefined;
}

/** Lists a new document, table or upload in its folder. */
export function addFile(world: World, { token, type, name, owner, tenantKey, parent }: NewFile): DriveFile {
  const now = world.now();
  return world.files.put(token, {
    token,
    type,
    name,
    parent: parent ? parent : rootFolder(owner),
    owner,
    tenantKey,
    createdAt: now,
    editedAt: now,
    members: [],
    publicSetting: usualSetting,
  });
}

/** Who files made by this call belong to. */
export function ownerOf(call: OpenCall): { owner: string; tenantKey: string } {
  return { owner: call.actor, tenantKey: call.tenantKey };
}

/** The codes by which each service says "not found" and "not yours". */
export interface FileCodes {
  missing: number;
  forbidden: number;
}

export const driveCodes: FileCodes = { missing: 1_061_003, forbidden: 1_061_004 };

export const documentCodes: FileCodes = { missing: 1_770_002, forbidden: 1_770_032 };

export function findFile(world: World, call: OpenCall, token: string, codes: FileCodes = driveCodes): DriveFile {
  const file = world.files.get(token);
  if (!file) throw new Refusal(codes.missing, 'not found');
  if (file.tenantKey !== call.tenantKey) throw new Refusal(codes.forbidden, 'forbidden');
  return file;
}

export function touch(world: World, token: string): void {
  const file = world.files.get(token);
  if (file) world.files.put(token, { ...file, editedAt: world.now() });
}

const urlPaths = {
  docx: 'docx',
  sheet: 'sheets',
  bitable: 'base',
  file: 'file',
  folder: 'drive/folder',
  shortcut: 'file',
} as const;

export function urlOf(type: DriveFile['type'] | 'wiki', token: string): string {
  return `https://qinghe.feishu.invalid/${type === 'wiki' ? 'wiki' : urlPaths[type]}/${token}`;
}

export function ownerIdOf(file: DriveFile, call: OpenCall): string {
  const owner = findPerson(file.owner);
  return owner ? call.idOf(owner) : '';
}

export function secondsOf(ms: number): string {
  return String(Math.floor(ms / 1000));
}
