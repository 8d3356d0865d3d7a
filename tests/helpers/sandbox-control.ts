import { z } from 'zod';
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts';

const logged = z.array(
  z.looseObject({
    method: z.string(),
    path: z.string(),
    status: z.number().nullable(),
    authorization: z.looseObject({ kind: z.string(), person: z.string().nullish() }),
  }),
);

export type Logged = z.infer<typeof logged>[number];

/** What the sandbox was asked, under `path`. */
export async function logOf(sandbox: Pick<Sandbox, 'url'>, path: string): Promise<Logged[]> {
  return logged.parse(await (await fetch(`${sandbox.url}/__log?path=${encodeURIComponent(path)}`)).json());
}

async function post(sandbox: Pick<Sandbox, 'url'>, path: string, body: unknown): Promise<void> {
  const answer = await fetch(sandbox.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
}

export const spoil = (sandbox: Pick<Sandbox, 'url'>, fault: Record<string, unknown>) =>
  post(sandbox, '/__fault', fault);

/** Resolves when the sandbox has begun to handle a request for `path` that waits there. */
export async function arrived(sandbox: Pick<Sandbox, 'url'>, path: string): Promise<void> {
  for (;;) {
    const waiting = z
      .array(z.looseObject({ path: z.string() }))
      .parse(await (await fetch(`${sandbox.url}/__fault`)).json());
    // A fault is taken from the list by the request it was meant for.
    if (!waiting.some((fault) => fault.path === path)) return;
  }
}
