import type { IncomingMessage } from 'node:http';

export interface StandInRequest {
  method: string;
  /** As it came: still encoded. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  /** Parsed JSON; undefined for none and for broken ones. */
  body: unknown;
}

export interface StandInAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface StandInEntry {
  seq: number;
  at: number;
  method: string;
  path: string;
  /** Without what is secret in it. */
  query: Record<string, string>;
  /** Names of the headers that came, and the values of those that hold no secret. */
  headers: Record<string, string>;
  /** Null until answered; stays null when the connection was cut instead. */
  status: number | null;
}

export const json = (body: unknown, status = 200): StandInAnswer => ({
  status,
  headers: { 'content-type': 'application/json;charset=utf-8' },
  body: JSON.stringify(body),
});

export const page = (body: string, status = 200): StandInAnswer => ({
  status,
  headers: { 'content-type': 'text/html;charset=utf-8' },
  body,
});
