import type { Words } from '../../contract/words.ts';
import type { DingtalkCall } from './dingtalk-call.ts';
import { createdAt, modifiedAt, titleOf, type WikiNode } from './nodes.ts';
import { Refusal } from './refusal.ts';
import { type Filters, firstSteps, type Listing, performStep, type Step } from './listing-steps.ts';

export interface ListedDocument {
  document_id: string;
  title: string;
  summary: string;
  create_time: string;
  update_time: string;
  author: string;
  space_id: string;
  folder_id: string;
}

/**
 * The documents that fit some filters, gathered as far as somebody asked: DingTalk gives them piece by piece and has
 * neither pages nor an order. What was shown before keeps its place when more is gathered.
 */
export class DocumentListing implements Listing {
  readonly filters: Filters;
  readonly #steps: Step[];
  readonly #batches: ListedDocument[][] = [];
  readonly #known = new Set<string>();
  readonly #visited = new Set<string>();
  readonly #warnings = new Map<string, Words>();
  #count = 0;

  constructor(filters: Filters) {
    this.filters = filters;
    this.#steps = firstSteps(filters);
  }

  /** Whether everything is gathered that can be. */
  get finished(): boolean {
    return this.#steps.length === 0;
  }

  get count(): number {
    return this.#count;
  }

  get warnings(): Words[] {
    return [...this.#warnings.values()];
  }

  /** Unless `needed` documents are there, gathers until `wanted` are, everything is, or the call may ask no more. */
  async fill(call: DingtalkCall, { needed, wanted }: { needed: number; wanted: number }): Promise<void> {
    if (this.#count >= needed || this.finished) return;
    this.#batches.push([]);
    for (;;) {
      const step = this.#steps.shift();
      if (!step) return;
      try {
        await performStep(step, call, this);
      } catch (thrown) {
        if (!this.#goesOn(thrown, step)) return;
      }
      if (this.#count >= wanted || call.left === 0) return;
    }
  }

  /** In the order that `compare` wants, each batch for itself. */
  sorted(compare: (a: ListedDocument, b: ListedDocument) => number): ListedDocument[] {
    return this.#batches.flatMap((batch) => batch.toSorted(compare));
  }

  add(node: WikiNode, from: Origin): void {
    if (this.#known.has(node.nodeId) || !fits(node, this.filters)) return;
    this.#known.add(node.nodeId);
    this.#count += 1;
    this.#batches.at(-1)?.push(toListed(node, from));
  }

  /** Next rather than after everything else that waits. */
  next(...steps: Step[]): void {
    this.#steps.unshift(...steps);
  }

  later(...steps: Step[]): void {
    this.#steps.push(...steps);
  }

  /** False the second time: trees may have circles, and tokens may repeat. */
  visit(what: string): boolean {
    if (this.#visited.has(what)) return false;
    this.#visited.add(what);
    return true;
  }

  warn(key: string, words: Words): void {
    this.#warnings.set(key, words);
  }

  /** One closed folder does not end a listing; other trouble does, and is told where nothing was gathered at all. */
  #goesOn(thrown: unknown, step: Step): boolean {
    if (!(thrown instanceof Refusal)) throw thrown;
    const skippable = !step.asked && ['permission', 'missing', 'place'].includes(thrown.meaning);
    if (skippable) {
      this.warn('skipped', skipped);
      return true;
    }
    this.#steps.unshift(step);
    if (this.#count === 0) throw thrown;
    this.warn('stopped', {
      zh: `没有取完，原因：${thrown.words.zh}`,
      en: `Not everything could be gathered: ${thrown.words.en}`,
    });
    return false;
  }
}

interface Origin {
  folderId: string;
  author?: string | undefined;
}

function fits({ category, type, workspaceId, name }: WikiNode, { spaceId, folderId, keyword }: Filters): boolean {
  if (category !== 'ALIDOC' || type === 'FOLDER') return false;
  if (spaceId !== undefined && workspaceId !== undefined && workspaceId !== spaceId) return false;
  // Elsewhere DingTalk has searched already.
  if (folderId === undefined || keyword === undefined) return true;
  return titleOf(name).toLowerCase().includes(keyword.toLowerCase());
}

function toListed(node: WikiNode, { folderId, author }: Origin): ListedDocument {
  return {
    document_id: node.nodeId,
    title: titleOf(node.name),
    // DingTalk's answers have none.
    summary: '',
    create_time: createdAt(node) ?? '',
    update_time: modifiedAt(node) ?? '',
    author: author ?? node.creatorId ?? '',
    space_id: node.workspaceId ?? '',
    folder_id: folderId,
  };
}

const skipped = {
  zh: '有的空间或文件夹无权读取，已跳过。',
  en: 'Some spaces or folders may not be read and were left out.',
};
