/** One request to DingTalk, before it has a host or a token. */
export interface DingtalkRequest {
  method: 'GET' | 'POST';
  /** Every id is percent-encoded and stays in its own segment. */
  path: string;
  query: Record<string, string>;
  body?: unknown;
  /** What a repeat would do: nothing, the same again, or it a second time. */
  effect: 'read' | 'overwrite' | 'once';
}

type Build<A extends unknown[]> = (operatorId: string, ...rest: A) => DingtalkRequest;

const segment = (id: string) => encodeURIComponent(id);
const paged = (nextToken: string | undefined) => (nextToken === undefined ? {} : { nextToken });

export const spacesOf: Build<[nextToken?: string]> = (operatorId, nextToken) => ({
  method: 'GET',
  path: '/v2.0/wiki/workspaces',
  query: { operatorId, maxResults: '30', orderBy: 'MODIFIED_TIME_DESC', ...paged(nextToken) },
  effect: 'read',
});

export const spaceById: Build<[spaceId: string]> = (operatorId, spaceId) => ({
  method: 'GET',
  path: `/v2.0/wiki/workspaces/${segment(spaceId)}`,
  query: { operatorId },
  effect: 'read',
});

/** "My documents". */
export const ownSpace: Build<[]> = (operatorId) => ({
  method: 'GET',
  path: '/v2.0/wiki/mineWorkspaces',
  query: { operatorId },
  effect: 'read',
});

export const childrenOf: Build<[parentNodeId: string, nextToken?: string]> = (operatorId, parentNodeId, nextToken) => ({
  method: 'GET',
  path: '/v2.0/wiki/nodes',
  query: { parentNodeId, operatorId, maxResults: '50', ...paged(nextToken) },
  effect: 'read',
});

export const nodeById: Build<[nodeId: string]> = (operatorId, nodeId) => ({
  method: 'GET',
  path: `/v2.0/wiki/nodes/${segment(nodeId)}`,
  query: { operatorId },
  effect: 'read',
});

/** At most 20 at once. */
export const nodesById: Build<[nodeIds: string[]]> = (operatorId, nodeIds) => ({
  method: 'POST',
  path: '/v2.0/wiki/nodes/batchQuery',
  query: { operatorId },
  body: { nodeIds },
  effect: 'read',
});

export const nodeByUrl: Build<[url: string]> = (operatorId, url) => ({
  method: 'POST',
  path: '/v2.0/wiki/nodes/queryByUrl',
  query: { operatorId },
  body: { url },
  effect: 'read',
});

export const searchFiles: Build<[keyword: string, nextToken?: string]> = (operatorId, keyword, nextToken) => ({
  method: 'POST',
  path: '/v2.0/storage/dentries/search',
  query: { operatorId },
  body: { keyword, option: { maxResults: 50, ...paged(nextToken) } },
  effect: 'read',
});

export const createDocument: Build<[place: { spaceId: string; name: string; parentNodeId: string | undefined }]> = (
  operatorId,
  { spaceId, name, parentNodeId },
) => ({
  method: 'POST',
  path: `/v1.0/doc/workspaces/${segment(spaceId)}/docs`,
  query: {},
  body: { name, docType: 'DOC', operatorId, ...(parentNodeId !== undefined && { parentNodeId }) },
  effect: 'once',
});

const documentPath = (id: string, what: string) => `/v1.0/doc/suites/documents/${segment(id)}/${what}`;

export const overwriteContent: Build<[id: string, markdown: string]> = (operatorId, id, markdown) => ({
  method: 'POST',
  path: documentPath(id, 'overwriteContent'),
  query: { operatorId },
  body: { content: markdown, dataType: 'markdown' },
  effect: 'overwrite',
});

/** Without `index` and `path` the content goes to the end. */
export const appendContent: Build<[id: string, markdown: string]> = (operatorId, id, markdown) => ({
  method: 'POST',
  path: documentPath(id, 'content'),
  query: { operatorId },
  body: { content: { type: 'markdown', content: markdown } },
  effect: 'once',
});

export const blocksOf: Build<[id: string, range: { from: number; to: number }]> = (operatorId, id, { from, to }) => ({
  method: 'GET',
  path: documentPath(id, 'blocks'),
  query: { operatorId, startIndex: String(from), endIndex: String(to) },
  effect: 'read',
});

/** Where the file services keep a document. */
export const dentryOf: Build<[id: string]> = (operatorId, id) => ({
  method: 'GET',
  path: `/v2.0/doc/dentries/${segment(id)}/queryDentryId`,
  query: { operatorId },
  effect: 'read',
});

export const fileFacts: Build<[place: { spaceId: string; dentryId: string }]> = (unionId, { spaceId, dentryId }) => ({
  method: 'POST',
  path: `/v1.0/storage/spaces/${segment(spaceId)}/dentries/${segment(dentryId)}/query`,
  query: { unionId },
  body: {},
  effect: 'read',
});
