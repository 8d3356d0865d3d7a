import { z } from 'zod';
import { createDocument } from '../company/documents.ts';
import { addFile, ownerOf, secondsOf, urlOf } from '../company/drive-files.ts';
import { findPerson } from '../company/people.ts';
import type { WikiNode, WikiSpace, World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import {
  type OpenCall,
  type OpenRoute,
  pageOfViews,
  pageQuery,
  required,
  route,
  userRoute,
} from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const nodeQuery = z.object({ token: required, obj_type: z.string().default('wiki') });
const childrenQuery = pageQuery.extend({ parent_node_token: z.string().default('') });
const createBody = z.object({
  obj_type: z.enum(['docx', 'doc', 'sheet', 'bitable', 'mindnote', 'file', 'slides']),
  node_type: z.enum(['origin', 'shortcut']),
  parent_node_token: z.string().default(''),
  title: z.string().default(''),
});
const titleBody = z.object({ title: z.string() });
const searchBody = z.object({ query: required, space_id: z.string().optional(), node_id: z.string().optional() });

/** The numbers by which v1 names kinds of objects. */
const objTypeNumbers: Record<string, number> = {
  doc: 1,
  sheet: 2,
  bitable: 3,
  mindnote: 4,
  file: 5,
  slides: 6,
  wiki: 7,
  docx: 8,
};

export function wikiRoutes(world: World): OpenRoute[] {
  return [
    route('GET', '/wiki/v2/spaces', scopes.wikiSpaceList, (call) => {
      const spaces = spacesOf(world, call);
      return ok(pageOfViews(spaces, call.query(pageQuery), (space) => spaceView(space)));
    }),
    route('GET', '/wiki/v2/spaces/:space_id', scopes.wikiSpaceRead, (call) =>
      ok({ space: spaceView(findSpace(world, call, call.param('space_id'))) }),
    ),
    route('GET', '/wiki/v2/spaces/get_node', scopes.wikiNodeRead, (call) => {
      const { token, obj_type } = call.query(nodeQuery);
      const isIt = (node: WikiNode) =>
        obj_type === 'wiki' ? node.token === token : node.objToken === token && node.objType === obj_type;
      return ok({ node: nodeView(world, findNode(world, call, isIt), call) });
    }),
    route('GET', '/wiki/v2/spaces/node_by_token', scopes.wikiNodeRead, (call) => {
      const { token } = call.query(nodeQuery);
      const isIt = (node: WikiNode) => node.token === token || node.objToken === token;
      return ok({ node: nodeView(world, findNode(world, call, isIt), call) });
    }),
    userRoute('POST', '/wiki/v1/nodes/search', scopes.wikiSearch, (call) => {
      const body = call.body(searchBody);
      const spaces = spacesOf(world, call).filter((space) => (body.space_id ?? space.id) === space.id);
      const found = spaces.flatMap((space) => world.nodes.list(space.id)).filter((node) => hits(node, body));
      return ok(pageOfViews(found, call.query(pageQuery), (node) => foundView(world, node)));
    }),
    ...nodeRoutes(world),
  ];
}

function nodeRoutes(world: World): OpenRoute[] {
  const path = '/wiki/v2/spaces/:space_id/nodes';
  return [
    route('GET', path, scopes.wikiNodeRead, (call) => {
      const query = call.query(childrenQuery);
      const space = findSpace(world, call, call.param('space_id'));
      const children = world.nodes.list(space.id).filter((node) => node.parent === query.parent_node_token);
      return ok(pageOfViews(children, query, (node) => nodeView(world, node, call)));
    }),
    route('POST', path, scopes.wikiNodeCreate, (call) => {
      const { obj_type, parent_node_token: parent, title } = call.body(createBody);
      const space = findSpace(world, call, call.param('space_id')).id;
      if (parent !== '') findNode(world, call, (node) => node.token === parent && node.space === space);
      if (obj_type !== 'docx') throw new Refusal(131_002, 'param err: only docx can be created here');
      return ok({ node: nodeView(world, createNode(world, call, { space, parent, title }), call) });
    }),
    route('POST', `${path}/:node_token/update_title`, scopes.wikiNodeCreate, (call) => {
      const node = findNode(world, call, (one) => one.token === call.param('node_token'));
      world.nodes.put(node.token, { ...node, title: call.body(titleBody).title, editedAt: world.now() });
      return ok();
    }),
  ];
}

function hits(node: WikiNode, body: z.infer<typeof searchBody>): boolean {
  return (
    node.title.toLowerCase().includes(body.query.toLowerCase()) &&
    (body.node_id === undefined || node.parent === body.node_id || node.token === body.node_id)
  );
}

function createNode(
  world: World,
  call: OpenCall,
  { space, parent, title }: { space: string; parent: string; title: string },
): WikiNode {
  return world.store.atomically(() => {
    const document = createDocument(world, title, []);
    addFile(world, { token: document.token, type: 'docx', name: title, parent: `wiki/${space}`, ...ownerOf(call) });
    return world.nodes.add('node', (token) => ({
      token,
      space,
      parent,
      objToken: document.token,
      objType: 'docx',
      title,
      creator: ownerOf(call).owner,
      createdAt: world.now(),
      editedAt: world.now(),
    }));
  });
}

function spacesOf(world: World, call: OpenCall): WikiSpace[] {
  return world.spaces.list().filter((space) => space.tenantKey === call.tenantKey);
}

function findSpace(world: World, call: OpenCall, id: string): WikiSpace {
  const space = world.spaces.get(id);
  if (!space) throw new Refusal(131_005, 'not found');
  if (space.tenantKey !== call.tenantKey) throw new Refusal(131_006, 'permission denied');
  return space;
}

function findNode(world: World, call: OpenCall, isIt: (node: WikiNode) => boolean): WikiNode {
  const node = world.nodes.list().find((one) => isIt(one));
  if (!node) throw new Refusal(131_005, 'not found');
  findSpace(world, call, node.space);
  return node;
}

function childrenOf(world: World, node: WikiNode): WikiNode[] {
  return world.nodes.list(node.space).filter((one) => one.parent === node.token);
}

function spaceView(space: WikiSpace) {
  return {
    space_id: space.id,
    name: space.name,
    description: space.description,
    space_type: 'team',
    visibility: 'private',
    open_sharing: 'closed',
  };
}

function nodeView(world: World, node: WikiNode, call: OpenCall) {
  const creator = findPerson(node.creator);
  const creatorId = creator ? call.idOf(creator) : '';
  return {
    space_id: node.space,
    node_token: node.token,
    obj_token: node.objToken,
    obj_type: node.objType,
    parent_node_token: node.parent,
    node_type: 'origin',
    origin_node_token: node.token,
    origin_space_id: node.space,
    has_child: childrenOf(world, node).length > 0,
    title: node.title,
    obj_create_time: secondsOf(node.createdAt),
    obj_edit_time: secondsOf(node.editedAt),
    node_create_time: secondsOf(node.createdAt),
    creator: creatorId,
    owner: creatorId,
    node_creator: creatorId,
  };
}

function foundView(world: World, node: WikiNode) {
  return {
    node_id: node.token,
    space_id: node.space,
    obj_type: objTypeNumbers[node.objType] ?? 0,
    obj_token: node.objToken,
    title: node.title,
    url: urlOf('wiki', node.token),
    icon: '',
    create_time: secondsOf(node.createdAt),
    update_time: secondsOf(node.editedAt),
    child_num: childrenOf(world, node).length,
    version: 1,
  };
}
