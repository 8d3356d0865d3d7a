import { z } from 'zod';
import { Fault } from '../../base/fault.ts';
import type { HttpAnswer } from '../../base/http-client.ts';
import type { Words } from '../../contract/words.ts';
import { readLarkAnswer } from './lark-answer.ts';

const tokenSchema = z.object({ tenant_access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/) });

/**
 * Reads the answer to an app's id and secret. Feishu refuses with HTTP 200; the fault says which of the two is wrong.
 * `secret` never becomes part of it, whatever Feishu repeats.
 */
export function readTenantToken(answer: Pick<HttpAnswer, 'status' | 'headers' | 'body'>, secret: string): string {
  const read = readLarkAnswer(answer);
  if (read.fault) throw refusal(read.code, read.fault, secret);
  const token = tokenSchema.safeParse(read.data).data;
  if (!token) throw new Fault('upstream_broken', { details: { status: answer.status, logId: read.logId } });
  return token.tenant_access_token;
}

function refusal(code: number | null, fault: Fault, secret: string): Fault {
  const said = fault.details?.['msg'];
  const msg = typeof said === 'string' ? said.replaceAll(secret, '***') : '';
  const details = { ...fault.details, msg };
  const words = code === null ? undefined : wrongPart(code, msg);
  if (words) return new Fault('app_credentials', { words, details });
  if (fault.code !== 'upstream_refused') return new Fault(fault.code, { words: fault.words, details });
  return new Fault('upstream_refused', { words: otherReason(code, msg), details });
}

/** The code 10014 has been seen with both meanings; its message tells them apart. */
function wrongPart(code: number, msg: string): Words | undefined {
  if (code === 10003 || code === 20048) return wrongId;
  if (code === 10014 || code === 10015) return /app[ _]?id/i.test(msg) ? wrongId : wrongSecret;
  if (code === 20002) return wrongSecret;
  return code === 99991543 ? wrongEither : undefined;
}

const wrongId = {
  zh: '飞书不认识这个 App ID。请在开发者后台“凭证与基础信息”页重新复制，并确认选的是飞书还是 Lark。',
  en: 'Feishu does not know this App ID. Copy it again from "Credentials & Basic Info" in the developer console, and check whether the app is of Feishu or of Lark.',
};
const wrongSecret = {
  zh: 'App Secret 不正确，它与这个 App ID 不匹配，或已在后台重置。请在开发者后台“凭证与基础信息”页重新复制。',
  en: 'The App Secret is wrong: it does not belong to this App ID, or it was reset. Copy it again from "Credentials & Basic Info" in the developer console.',
};
const wrongEither = {
  zh: '飞书不接受这对 App ID 和 App Secret。请在开发者后台“凭证与基础信息”页重新复制这两项。',
  en: 'Feishu does not accept this pair of App ID and App Secret. Copy both again from "Credentials & Basic Info" in the developer console.',
};

function otherReason(code: number | null, msg: string): Words {
  return {
    zh: `飞书拒绝了这个应用（错误码 ${code}：${msg || '没有说明'}）。请在开发者后台检查该应用，然后重试。`,
    en: `Feishu refused this app (code ${code}: ${msg || 'no reason given'}). Check the app in the developer console, then try again.`,
  };
}
