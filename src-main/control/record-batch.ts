import type { RecordedLimitHit } from '../contract/record-views.ts';
import type { StampedEvent } from '../contract/events.ts';
import type { CallView, SessionEnd, SessionView } from '../contract/views.ts';

/** What happened to one session since the last write. Counters are differences. */
export interface SessionChange {
  view: SessionView | null;
  calls: number;
  limitHits: number;
  lastSeenAt: number;
  /** Undefined: as before. Null: open again. */
  closed: { at: number; end: SessionEnd } | null | undefined;
}

/** Events folded into the rows they change: a call that starts and ends between two writes is one row. */
export interface RecordBatch {
  calls: Map<string, CallView>;
  sessions: Map<string, SessionChange>;
  limitHits: RecordedLimitHit[];
}

export function emptyBatch(): RecordBatch {
  return { calls: new Map(), sessions: new Map(), limitHits: [] };
}

export function batchSize(batch: RecordBatch): number {
  return batch.calls.size + batch.sessions.size + batch.limitHits.length;
}

/** Keeps the newest rows when nothing can be written for long. */
export function trimBatch(batch: RecordBatch, most: number): void {
  for (const id of batch.calls.keys()) {
    if (batch.calls.size <= most) break;
    batch.calls.delete(id);
  }
  for (const id of batch.sessions.keys()) {
    if (batch.sessions.size <= most) break;
    batch.sessions.delete(id);
  }
  if (batch.limitHits.length > most) batch.limitHits.splice(0, batch.limitHits.length - most);
}

/** Folds one event into the batch. */
// oxlint-disable-next-line complexity -- one case per kind of event
export function addToBatch(batch: RecordBatch, event: StampedEvent): void {
  switch (event.kind) {
    case 'session.opened':
    case 'session.resumed':
      Object.assign(changeOf(batch, event.session.id, event.at), { view: event.session, closed: null });
      return;
    case 'session.changed':
      changeOf(batch, event.session.id, event.at).view = event.session;
      return;
    case 'session.closed':
      changeOf(batch, event.sessionId, event.at).closed = { at: event.at, end: event.reason };
      return;
    case 'call.started':
      batch.calls.set(event.call.id, event.call);
      changeOf(batch, event.call.sessionId, event.at).calls += 1;
      return;
    case 'call.finished':
      batch.calls.set(event.call.id, event.call);
      return;
    case 'limit.hit':
      batch.limitHits.push({ ...event.hit, at: event.at });
      if (event.hit.sessionId !== null) changeOf(batch, event.hit.sessionId, event.at).limitHits += 1;
      return;
    case 'paused.changed':
    case 'limits.changed':
    case 'settings.changed':
    case 'account.changed':
    case 'account.removed':
    case 'app.changed':
    case 'app.removed':
    case 'login.changed':
    case 'client.changed':
    case 'client.removed':
    case 'token.renewal':
    case 'upstream.answered':
    case 'notice.raised':
    case 'notice.cleared':
      return;
  }
}

function changeOf(batch: RecordBatch, sessionId: string, at: number): SessionChange {
  let change = batch.sessions.get(sessionId);
  if (!change) {
    change = { view: null, calls: 0, limitHits: 0, lastSeenAt: at, closed: undefined };
    batch.sessions.set(sessionId, change);
  }
  change.lastSeenAt = at;
  return change;
}
