import { z } from 'zod';
import { check, type DingtalkRoute, nodeOf, nodeView, pageOf, route, spaceView } from './dingtalk-routes.ts';
import { DingtalkNo } from './dingtalk-no.ts';

const paging = (most: number) =>
  z.object({ maxResults: z.coerce.number().int().min(1).max(most).default(most), nextToken: z.string().optional() });

export const wikiRoutes: DingtalkRoute[] = [
  route('GET', '/v2.0/wiki/workspaces', ({ world, request }) => {
    const { maxResults, nextToken } = check(paging(30), Object.fromEntries(request.query));
    const spaces = world.spaces.filter(({ type }) => type === 'TEAM').toSorted((a, b) => b.modifiedAt - a.modifiedAt);
    const { items, ...rest } = pageOf(spaces, nextToken, maxResults);
    return { workspaces: items.map((space) => spaceView(space)), ...rest };
  }),
  route('GET', '/v2.0/wiki/workspaces/:id', ({ world, params }) => {
    const space = world.space(params[0] ?? '');
    if (!space) throw new DingtalkNo(404, 'workspaceNotExist', '知识库不存在');
    return { workspace: spaceView(space) };
  }),
  route('GET', '/v2.0/wiki/mineWorkspaces', ({ world }) => {
    const own = world.spaces.find(({ type }) => type === 'PERSONAL');
    if (!own) throw new DingtalkNo(404, 'workspaceNotExist', '知识库不存在');
    return { workspace: spaceView(own) };
  }),
  route('GET', '/v2.0/wiki/nodes', ({ world, request }) => {
    const query = check(paging(50).extend({ parentNodeId: z.string().min(1) }), Object.fromEntries(request.query));
    const isRoot = world.spaces.some(({ rootNodeId }) => rootNodeId === query.parentNodeId);
    if (!isRoot) nodeOf(world, query.parentNodeId);
    const { items, ...rest } = pageOf(world.childrenOf(query.parentNodeId), query.nextToken, query.maxResults);
    return { nodes: items.map((node) => nodeView(node, world)), ...rest };
  }),
  route('GET', '/v2.0/wiki/nodes/:id', ({ world, params }) => ({
    node: nodeView(nodeOf(world, params[0] ?? ''), world),
  })),
  route('POST', '/v2.0/wiki/nodes/batchQuery', ({ world, request }) => {
    const { nodeIds } = check(z.looseObject({ nodeIds: z.array(z.string()).min(1).max(20) }), request.body);
    return { nodes: nodeIds.flatMap((id) => world.node(id) ?? []).map((node) => nodeView(node, world)) };
  }),
  route('POST', '/v2.0/wiki/nodes/queryByUrl', ({ world, request }) => {
    const { url } = check(z.looseObject({ url: z.url() }), request.body);
    const node = world.nodes.find(({ dentryUuid }) => url.includes(dentryUuid));
    if (!node) throw new DingtalkNo(404, 'nodeNotExist', '节点不存在');
    return { node: nodeView(node, world) };
  }),
];
