import { z } from 'zod';
import { fieldFault } from '../../../base/fault.ts';

/** Fields that many tools share. */
export const pageToken = z.string().max(2000).optional();

export function pageSize(most: number, usual: number) {
  return z.int().min(1).max(most).default(usual);
}

export const text = z.string().catch('');

/** The part of an answer that pages. */
export const paged = z.object({ has_more: z.boolean().catch(false), page_token: z.string().catch('') });

/** Where the next page begins; undefined on the last one. */
export function nextOf({ has_more, page_token }: z.output<typeof paged>): { next_page_token?: string } {
  return has_more && page_token !== '' ? { next_page_token: page_token } : {};
}

/** Of a result: how to get what follows. */
export const nextPage = z.string().optional();

/** Members without those that say nothing. */
export function told<T extends Record<string, unknown>>(members: T): Partial<T> {
  const saying = ([, value]: [string, unknown]) => value !== undefined && value !== null && value !== '';
  const kept: Partial<T> = {};
  for (const [name, value] of Object.entries(members))
    if (saying([name, value])) Object.assign(kept, { [name]: value });
  return kept;
}

export function inParts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, part) => all.slice(part * size, (part + 1) * size));
}

export function wrong(field: string, zh: string, en: string) {
  return fieldFault('invalid_arguments', field, zh, en);
}

/** Cuts a text between two characters and says that there is more. */
export function shorten(long: string, most: number): string {
  if (long.length <= most) return long;
  const end = /[\uD800-\uDBFF]/.test(long.charAt(most - 1)) ? most - 1 : most;
  return `${long.slice(0, end)}…(+${long.length - end})`;
}
