import type { Words } from '../../contract/words.ts';
import type { DingtalkCall } from './dingtalk-call.ts';
import {
  type FoundFile,
  type Page,
  readFound,
  readNodes,
  readSpace,
  readSpaces,
  type Space,
  type WikiNode,
} from './nodes.ts';
import { childrenOf, nodesById, ownSpace, searchFiles, spaceById, spacesOf } from './requests.ts';

export interface Filters {
  spaceId: string | undefined;
  folderId: string | undefined;
  keyword: string | undefined;
}

/** One request of a listing. `asked`: the person named what it is about, so its refusal is theirs to hear. */
export type Step = { asked: boolean } & (
  | { kind: 'own' }
  | { kind: 'spaces'; nextToken?: string }
  | { kind: 'space'; id: string }
  | { kind: 'children'; of: string; deep: boolean; nextToken?: string }
  | { kind: 'search'; keyword: string; nextToken?: string }
  | { kind: 'details'; files: FoundFile[] }
);

/** What steps add to. */
export interface Listing {
  readonly filters: Filters;
  add(node: WikiNode, from: { folderId: string; author?: string | undefined }): void;
  next(...steps: Step[]): void;
  later(...steps: Step[]): void;
  visit(what: string): boolean;
  warn(key: string, words: Words): void;
}

const mostDetails = 20;

export function firstSteps({ spaceId, folderId, keyword }: Filters): Step[] {
  if (folderId !== undefined) return [{ kind: 'children', of: folderId, deep: false, asked: true }];
  if (keyword !== undefined) return [{ kind: 'search', keyword, asked: true }];
  if (spaceId !== undefined) return [{ kind: 'space', id: spaceId, asked: true }];
  return [
    { kind: 'own', asked: false },
    { kind: 'spaces', asked: true },
  ];
}

type Perform<K extends Step['kind']> = (
  step: Extract<Step, { kind: K }>,
  call: DingtalkCall,
  listing: Listing,
) => Promise<void>;

const performers: { [K in Step['kind']]: Perform<K> } = {
  own: async (_step, call, listing) => {
    const space = readSpace(await call.send((operator) => ownSpace(operator)));
    listing.later(...rootsOf([space], listing, false));
  },
  spaces: async ({ nextToken }, call, listing) => {
    const page = readSpaces(await call.send((operator) => spacesOf(operator, nextToken)));
    listing.later(...rootsOf(page.items, listing, false));
    goOn(page, 'spaces', listing, (token) => listing.later({ kind: 'spaces', asked: false, nextToken: token }));
  },
  space: async ({ id }, call, listing) => {
    const space = readSpace(await call.send((operator) => spaceById(operator, id)));
    listing.next(...rootsOf([space], listing, true));
  },
  children: async (step, call, listing) => {
    const { of, deep, nextToken } = step;
    const page = readNodes(await call.send((operator) => childrenOf(operator, of, nextToken)));
    for (const node of page.items) {
      listing.add(node, { folderId: of });
      if (deep && node.hasChildren === true && listing.visit(`node ${node.nodeId}`))
        listing.later({ kind: 'children', of: node.nodeId, deep, asked: false });
    }
    goOn(page, `children ${of}`, listing, (token) => listing.next({ ...step, nextToken: token }));
  },
  search: async (step, call, listing) => {
    const { keyword, nextToken } = step;
    const page = readFound(await call.send((operator) => searchFiles(operator, keyword, nextToken)));
    goOn(page, 'search', listing, (token) => listing.next({ ...step, nextToken: token }));
    for (let start = 0; start < page.items.length; start += mostDetails)
      listing.next({ kind: 'details', files: page.items.slice(start, start + mostDetails), asked: false });
  },
  details: async ({ files }, call, listing) => {
    const ids = files.map(({ dentryUuid }) => dentryUuid);
    const { items } = readNodes(await call.send((operator) => nodesById(operator, ids)));
    for (const node of items) {
      const found = files.find(({ dentryUuid }) => dentryUuid === node.nodeId);
      // A node does not know what it is in.
      if (found) listing.add(node, { folderId: '', author: found.creator?.name });
    }
  },
};

export function performStep(step: Step, call: DingtalkCall, listing: Listing): Promise<void> {
  switch (step.kind) {
    case 'own':
      return performers.own(step, call, listing);
    case 'spaces':
      return performers.spaces(step, call, listing);
    case 'space':
      return performers.space(step, call, listing);
    case 'children':
      return performers.children(step, call, listing);
    case 'search':
      return performers.search(step, call, listing);
    case 'details':
      return performers.details(step, call, listing);
  }
  return step satisfies never;
}

function rootsOf(spaces: readonly Space[], listing: Listing, asked: boolean): Step[] {
  return spaces.flatMap(({ rootNodeId }) =>
    rootNodeId !== undefined && listing.visit(`node ${rootNodeId}`)
      ? [{ kind: 'children', of: rootNodeId, deep: true, asked }]
      : [],
  );
}

/** Asks for the next page, unless DingTalk sends the listing in a circle. */
function goOn(page: Page<unknown>, of: string, listing: Listing, ask: (token: string) => void): void {
  if (page.nextToken === undefined) return;
  if (listing.visit(`token ${of} ${page.nextToken}`)) ask(page.nextToken);
  else listing.warn('circle', circle);
}

const circle = {
  zh: '钉钉重复给出了同一页，可能没有列全。',
  en: 'DingTalk gave the same page again; the list may not be complete.',
};
