import { z } from 'zod';
import { check, type DingtalkRoute, type RouteCall, pageOf, patternOf, route } from './dingtalk-routes.ts';
import { DingtalkNo } from './dingtalk-no.ts';
import { toBlocks } from './markdown-blocks.ts';
import type { StoredNode } from './world.ts';

const mostCharacters = 50_000;
const settleMs = 1000;

/** Whether `endIndex` belongs to the range, which DingTalk does not say. */
export interface BlockRange {
  inclusive: boolean;
}

export function documentRoutes(range: BlockRange): DingtalkRoute[] {
  return [
    { ...route('POST', '/v1.0/doc/workspaces/:id/docs', create), operatorIn: 'body' },
    route('POST', '/v1.0/doc/suites/documents/:id/overwriteContent', (call) => {
      const { content } = check(z.looseObject({ content: z.string().max(mostCharacters) }), call.request.body);
      const document = contentOf(call);
      call.world.write(document, content);
      return { success: true, result: { data: true } };
    }),
    route('POST', '/v1.0/doc/suites/documents/:id/content', (call) => {
      const { content } = check(appended, call.request.body).content;
      const document = contentOf(call);
      call.world.write(document, document.markdown === '' ? content : `${document.markdown}\n\n${content}`);
      return { success: true };
    }),
    route('GET', '/v1.0/doc/suites/documents/:id/blocks', (call) => {
      const query = check(blockQuery, Object.fromEntries(call.request.query));
      const all = toBlocks(contentOf(call).markdown);
      const end = query.endIndex === undefined ? all.length : query.endIndex + (range.inclusive ? 1 : 0);
      return { success: true, result: { data: all.slice(query.startIndex, end) } };
    }),
    route('POST', '/v2.0/storage/dentries/search', ({ world, request }) => {
      const { keyword, option } = check(searchBody, request.body);
      const found = world.nodes.filter(({ name, markdown }) => `${name}\n${markdown}`.includes(keyword));
      const { items, ...rest } = pageOf(found, option.nextToken, option.maxResults);
      return { items: items.map((node) => foundView(node)), ...rest };
    }),
    route('GET', '/v2.0/doc/dentries/:id/queryDentryId', (call) => {
      const { dentryUuid, workspaceId } = contentOf(call);
      return { dentryId: `d${dentryUuid}`, spaceId: `s${workspaceId}` };
    }),
    {
      ...route('POST', '/v1.0/storage/spaces/:space/dentries/:id/query', ({ world, params }) => {
        const node = world.nodes.find(({ dentryUuid }) => `d${dentryUuid}` === params[1]);
        if (!node) throw new DingtalkNo(404, 'dentryNotExist', '文件不存在');
        return { dentry: { id: params[1], version: node.version, creatorId: node.creatorId } };
      }),
      operatorIn: 'unionId',
    },
  ];
}

const appended = z.looseObject({
  content: z.looseObject({ type: z.literal('markdown'), content: z.string().max(mostCharacters) }),
});
const blockQuery = z.looseObject({
  startIndex: z.coerce.number().int().nonnegative().default(0),
  endIndex: z.coerce.number().int().nonnegative().optional(),
});
const searchBody = z.looseObject({
  keyword: z.string().min(1),
  option: z
    .looseObject({ nextToken: z.string().optional(), maxResults: z.int().min(1).max(50).default(20) })
    .prefault({}),
});
const createBody = z.looseObject({
  name: z.string().min(1),
  docType: z.enum(['DOC', 'WORKBOOK', 'MIND', 'FOLDER']),
  operatorId: z.string(),
  parentNodeId: z.string().optional(),
});

function create({ world, params, request, now, operatorId }: RouteCall): Record<string, unknown> {
  const body = check(createBody, request.body);
  const space = world.space(params[0] ?? '');
  if (!space) throw new DingtalkNo(404, 'workspaceNotExist', '知识库不存在');
  const parentId = body.parentNodeId ?? space.rootNodeId;
  if (parentId !== space.rootNodeId && world.node(parentId)?.kind !== 'folder')
    throw new DingtalkNo(404, 'parentNodeNotExist', '父节点不存在');
  if (world.childrenOf(parentId).some(({ name }) => name === `${body.name}.adoc`))
    throw new DingtalkNo(400, 'invalidRequest.workspaceNode.nameConflict', '名称重复');
  const node = world.add({ name: body.name, parentId, at: now, readyAt: now + settleMs, creatorId: operatorId });
  return {
    workspaceId: space.workspaceId,
    nodeId: node.creationNodeId,
    docKey: node.docKey,
    dentryUuid: node.dentryUuid,
    url: `https://alidocs.dingtalk.com/i/nodes/${node.dentryUuid}`,
  };
}

function contentOf({ world, params, now }: RouteCall): StoredNode {
  const document = world.document(params[0] ?? '');
  if (!document || document.kind !== 'document' || now < document.readyAt)
    throw new DingtalkNo(404, 'docNotExist', '文档不存在');
  if (document.closed) throw new DingtalkNo(403, 'forbidden.accessDenied', '没有权限');
  return document;
}

function foundView(node: StoredNode): Record<string, unknown> {
  const person = { userId: 'user-lin', name: '林晓雨' };
  return { dentryUuid: node.dentryUuid, name: node.name, creator: person, modifier: person };
}

export const deleteRoute: DingtalkRoute = {
  method: 'DELETE',
  path: patternOf('/v1.0/doc/workspaces/:space/docs/:id'),
  operatorIn: 'query',
  run: ({ world, params }) => {
    const index = world.nodes.findIndex(({ creationNodeId }) => creationNodeId === params[1]);
    if (index < 0) throw new DingtalkNo(404, 'nodeNotExist', '节点不存在');
    world.nodes.splice(index, 1);
    return {};
  },
};
