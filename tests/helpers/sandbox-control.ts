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
export async function logOf(sandbox: Sandbox, path: string): Promise<Logged[]> {
  return logged.parse(await (await fetch(`${sandbox.url}/__log?path=${encodeURIComponent(path)}`)).json());
}

async function post(sandbox: Sandbox, path: string, body: unknown): Promise<void> {
  const answer = await fetch(sandbox.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
}

export const spoil = (sandbox: Sandbox, fault: Record<string, unknown>) => post(sandbox, '/__fault', fault);
