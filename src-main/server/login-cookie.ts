import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Signer } from '../base/signer.ts';
import { cookie, cookieHeader } from './cookies.ts';

const name = 'larkgate_login';
const purpose = 'login-browser';

/**
 * The nonce by which a browser proves that it began a sign-in; empty when it never did. It is sealed: cookies are shared
 * by all ports of this machine, and a page on another one could plant a nonce that it knows.
 */
export function browserOf(request: FastifyRequest, signer: Signer): string {
  return signer.open(purpose, cookie(request, name) ?? '') ?? '';
}

/** Gives the browser its nonce, or the one it has for ten minutes more: its tabs share it, so each can finish. */
export function nameBrowser(request: FastifyRequest, reply: FastifyReply, signer: Signer): string {
  const browser = browserOf(request, signer) || randomBytes(32).toString('base64url');
  reply.header(
    'set-cookie',
    cookieHeader(name, signer.seal(purpose, browser), { sameSite: 'Lax', path: '/oauth', seconds: 600 }),
  );
  return browser;
}
