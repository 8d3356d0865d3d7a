import type { SQLInputValue } from 'node:sqlite';
import type { ParsedControlInput } from '../contract/control.ts';
import { faultCodes } from '../contract/fault-codes.ts';

export type CallFilter = ParsedControlInput<'calls'>;
export type CallConditions = ParsedControlInput<'callCounts'> & { before?: string | undefined };

/** A WHERE clause over the table of calls, empty when every call fits. */
export interface Where {
  sql: string;
  values: SQLInputValue[];
}

/** `tools` are the names that the records have; they are asked for only to look for a text in them. */
export function whereOf(filter: CallConditions, tools: () => readonly string[]): Where {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (condition: string, ...given: (SQLInputValue | undefined)[]) => {
    const present = given.filter((value) => value !== undefined);
    if (present.length < given.length) return;
    conditions.push(condition);
    values.push(...present);
  };
  add('tool = ?', filter.tool);
  add('client = ?', filter.client);
  add('keyId = ?', filter.keyId);
  add('accountId = ?', filter.accountId);
  add('sessionId = ?', filter.sessionId);
  add('outcome = ?', filter.outcome);
  add('startedAt >= ?', filter.from);
  add('startedAt < ?', filter.until);
  if (filter.text) {
    const search = searchOf(filter.text, tools());
    add(search.sql, ...search.values);
  }
  // A call that is no longer kept was older than all that are: nothing comes after it.
  add('(startedAt, seq) < (SELECT startedAt, seq FROM calls WHERE id = ?)', filter.before);
  return { sql: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values };
}

/**
 * Looks among the few names and sentences there are instead of in every row. The plus signs keep SQLite from gathering
 * and sorting all that fit, which may be nearly all: it goes through the newest first and stops when a page is full.
 */
function searchOf(text: string, tools: readonly string[]): Where {
  const wanted = text.toLowerCase();
  const names = tools.filter((tool) => tool.toLowerCase().includes(wanted));
  const faults = Object.entries(faultCodes)
    .filter(([code, { words }]) => [code, words.zh, words.en].some((told) => told.toLowerCase().includes(wanted)))
    .map(([code]) => code);
  return { sql: `(+tool IN (${marks(names)}) OR +fault IN (${marks(faults)}))`, values: [...names, ...faults] };
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
