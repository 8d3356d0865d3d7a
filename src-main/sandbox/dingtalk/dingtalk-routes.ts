import type { z } from 'zod';
import type { StandInRequest } from '../stand-in/stand-in-exchange.ts';
import { DingtalkNo } from './dingtalk-no.ts';
import type { DingtalkWorld, StoredNode, StoredSpace } from './world.ts';

export interface RouteCall {
  world: DingtalkWorld;
  now: number;
  request: StandInRequest;
  /** Decoded, in their order. */
  params: readonly string[];
  /** Whose unionId came with the call. */
  operatorId: string;
}

export interface DingtalkRoute {
  method: 'GET' | 'POST' | 'DELETE';
  path: RegExp;
  /** Where the operator is named. */
  operatorIn: 'query' | 'body' | 'unionId';
  run(call: RouteCall): Record<string, unknown>;
}

export function route(method: DingtalkRoute['method'], path: string, run: DingtalkRoute['run']): DingtalkRoute {
  return { method, path: patternOf(path), operatorIn: 'query', run };
}

export function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '([^/]+)')}$`);
}

export function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DingtalkNo(400, 'paramError', `参数错误: ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
}

/** A page of `all`; a token names where the next one begins. */
export function pageOf<T>(
  all: readonly T[],
  token: string | undefined,
  size: number,
): { items: T[]; nextToken?: string } {
  const start = token ? Number(Buffer.from(token, 'base64url').toString()) : 0;
  if (!Number.isInteger(start)) throw new DingtalkNo(400, 'invalidRequest.inputArgs.invalid', 'nextToken');
  const end = start + size;
  return {
    items: all.slice(start, end),
    ...(end < all.length && { nextToken: Buffer.from(String(end)).toString('base64url') }),
  };
}

/** Minutes, no seconds: so DingTalk writes its times. */
const minutes = (ms: number) => `${new Date(ms).toISOString().slice(0, 16)}Z`;

export function nodeView(node: StoredNode, world: DingtalkWorld): Record<string, unknown> {
  return {
    nodeId: node.dentryUuid,
    workspaceId: node.workspaceId,
    name: node.name,
    type: node.kind === 'folder' ? 'FOLDER' : 'FILE',
    category: node.kind === 'document' ? 'ALIDOC' : node.kind === 'file' ? 'DOCUMENT' : 'OTHER',
    extension: node.kind === 'document' ? 'adoc' : node.kind === 'file' ? 'pdf' : '',
    url: `https://alidocs.dingtalk.com/i/nodes/${node.dentryUuid}`,
    creatorId: node.creatorId,
    modifierId: node.creatorId,
    createTime: minutes(node.createdAt),
    modifiedTime: minutes(node.modifiedAt),
    createTimestamp: node.createdAt,
    modifiedTimestamp: node.modifiedAt,
    hasChildren: world.childrenOf(node.dentryUuid).length > 0,
  };
}

export function spaceView(space: StoredSpace): Record<string, unknown> {
  return {
    workspaceId: space.workspaceId,
    corpId: 'dingsandbox',
    rootNodeId: space.rootNodeId,
    name: space.name,
    type: space.type,
    url: `https://alidocs.dingtalk.com/i/spaces/${space.workspaceId}/overview`,
    createTime: minutes(space.modifiedAt),
    modifiedTime: minutes(space.modifiedAt),
    permissionRole: 'EDITOR',
  };
}

export function nodeOf(world: DingtalkWorld, id: string): StoredNode {
  const node = world.node(id);
  if (!node) throw new DingtalkNo(404, 'nodeNotExist', '节点不存在');
  if (node.closed) throw new DingtalkNo(403, 'forbidden.accessDenied', '没有权限');
  return node;
}
