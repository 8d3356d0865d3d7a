import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { readText, setAside, writeTextAtomically } from '../base/files.ts';
import type { Notices } from '../base/notices.ts';

const storedKey = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{1,32}$/),
  name: z.string(),
  /** SHA-256 of the secret, which has 256 random bits: nothing to guess, so nothing slow is needed. */
  hash: z.string(),
  accountId: z.string().nullable(),
  createdAt: z.number(),
});
const keyFile = z.strictObject({ version: z.literal(1), keys: z.array(storedKey) });

export type ClientKey = z.infer<typeof storedKey>;

/** The keys in a file, by id. One that cannot be used is kept aside, and the person is told. */
export async function readKeyFile(
  path: string,
  { clock, notices }: { clock: Clock; notices?: Notices },
): Promise<Map<string, ClientKey>> {
  const text = await readText(path);
  const json = text === undefined ? noKeys : parseJson(text);
  const parsed = keyFile.safeParse(json);
  if (!parsed.success) {
    await setAside(path, isNewer(json) ? 'newer' : 'corrupt', clock.now());
    notices?.raise('client_keys.lost', 'error', lostWords);
  }
  return new Map(parsed.data?.keys.map((key) => [key.id, key]));
}

export async function writeKeyFile(path: string, keys: ClientKey[]): Promise<void> {
  await writeTextAtomically(path, `${JSON.stringify({ version: 1, keys }, undefined, 2)}\n`);
}

const noKeys = { version: 1, keys: [] };

/** Whether a later version of this program wrote it. */
function isNewer(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'version' in json && Number(json.version) > 1;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return new Fault('malformed_json', { cause: error });
  }
}

const lostWords = {
  zh: '客户端密钥文件无法使用，已改名保留（client-keys.json.corrupt-… 或 .newer-…）。请用 larkgate keys add 重新创建密钥，或恢复该文件。',
  en: 'The file of client keys cannot be used and was kept aside (client-keys.json.corrupt-… or .newer-…). Make new keys with larkgate keys add, or restore the file.',
};
