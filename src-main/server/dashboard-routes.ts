import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { sendPage } from './pages.ts';

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: https:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The dashboard's files. They hold no secret: what they show, the control API gives only to those let in. */
export async function dashboardRoutes(app: FastifyInstance, folder: string): Promise<void> {
  app.get('/', (_request, reply) => reply.redirect('/dashboard/', 302));
  if (!existsSync(folder)) {
    app.get('/dashboard/', (_request, reply) => sendPage(reply, 404, notBuilt));
    return;
  }
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/dashboard/',
    redirect: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('content-security-policy', contentSecurityPolicy);
      reply.header('x-content-type-options', 'nosniff');
      reply.header('referrer-policy', 'no-referrer');
      reply.header('cross-origin-opener-policy', 'same-origin');
      // Built files carry a hash in their name; the page that names them does not.
      reply.header('cache-control', path.includes('/assets/') ? 'max-age=31536000, immutable' : 'no-cache');
    },
  });
}

const notBuilt = {
  title: { zh: '控制台尚未构建', en: 'The dashboard is not built' },
  text: { zh: '请先运行 npm run build。', en: 'Run npm run build first.' },
};
