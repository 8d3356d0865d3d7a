import { randomBytes } from 'node:crypto';

export interface StoredSpace {
  workspaceId: string;
  rootNodeId: string;
  name: string;
  type: 'TEAM' | 'PERSONAL';
  modifiedAt: number;
}

export interface StoredNode {
  /** The id that the wiki and content calls share. */
  dentryUuid: string;
  /** Good for content calls only. */
  docKey: string;
  /** What creating gives as `nodeId`: good for neither. */
  creationNodeId: string;
  workspaceId: string;
  parentId: string;
  name: string;
  kind: 'folder' | 'document' | 'file';
  creatorId: string;
  createdAt: number;
  modifiedAt: number;
  version: number;
  markdown: string;
  /** Content calls find nothing before. */
  readyAt: number;
  /** Nobody may look inside. */
  closed: boolean;
}

export interface NewNode {
  name: string;
  parentId: string;
  kind?: StoredNode['kind'];
  markdown?: string;
  at?: number;
  readyAt?: number;
  closed?: boolean;
  creatorId?: string;
}

const newId = (length = 16) => randomBytes(length).toString('hex').slice(0, 32);

/** Spaces, folders and documents of a made-up organization. */
export class DingtalkWorld {
  readonly spaces: StoredSpace[] = [];
  readonly nodes: StoredNode[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  addSpace(name: string, type: StoredSpace['type'] = 'TEAM', modifiedAt = this.#now()): StoredSpace {
    const space = { workspaceId: newId(8), rootNodeId: newId(), name, type, modifiedAt };
    this.spaces.push(space);
    return space;
  }

  add({ name, parentId, kind = 'document', at = this.#now(), ...rest }: NewNode): StoredNode {
    const node: StoredNode = {
      dentryUuid: newId(),
      docKey: `dk${newId(8)}`,
      creationNodeId: `nd${newId(8)}`,
      workspaceId: this.spaceAround(parentId)?.workspaceId ?? '',
      parentId,
      name: kind === 'document' ? `${name}.adoc` : name,
      kind,
      creatorId: rest.creatorId ?? 'union-lin',
      createdAt: at,
      modifiedAt: at,
      version: 1,
      markdown: rest.markdown ?? '',
      readyAt: rest.readyAt ?? at,
      closed: rest.closed ?? false,
    };
    this.nodes.push(node);
    return node;
  }

  space(workspaceId: string): StoredSpace | undefined {
    return this.spaces.find((space) => space.workspaceId === workspaceId);
  }

  spaceAround(nodeId: string): StoredSpace | undefined {
    const root = this.spaces.find(({ rootNodeId }) => rootNodeId === nodeId);
    return root ?? this.space(this.node(nodeId)?.workspaceId ?? '');
  }

  node(dentryUuid: string): StoredNode | undefined {
    return this.nodes.find((node) => node.dentryUuid === dentryUuid);
  }

  /** By either of the two ids that content calls take. */
  document(id: string): StoredNode | undefined {
    return this.nodes.find((node) => node.dentryUuid === id || node.docKey === id);
  }

  childrenOf(parentId: string): StoredNode[] {
    return this.nodes.filter((node) => node.parentId === parentId);
  }

  write(node: StoredNode, markdown: string): void {
    node.markdown = markdown;
    node.version += 1;
    node.modifiedAt = this.#now();
  }
}
