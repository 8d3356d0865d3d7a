import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookie, cookieHeader } from './cookies.ts';

const name = 'larkgate_login';

/** The nonce by which a browser proves that it began a sign-in; empty when it never did. */
export function browserOf(request: FastifyRequest): string {
  const value = cookie(request, name) ?? '';
  return /^[\w-]{43}$/.test(value) ? value : '';
}

/** Gives the browser its nonce, or the one it has for ten minutes more: its tabs share it, so each can finish. */
export function nameBrowser(request: FastifyRequest, reply: FastifyReply): string {
  const browser = browserOf(request) || randomBytes(32).toString('base64url');
  reply.header('set-cookie', cookieHeader(name, browser, { sameSite: 'Lax', path: '/oauth', seconds: 600 }));
  return browser;
}
