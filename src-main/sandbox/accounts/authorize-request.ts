import { z } from 'zod';
import type { AppBook } from './app-book.ts';
import type { PageProblem } from './page.ts';
import type { SandboxApp } from './sandbox-app.ts';

const paramsSchema = z.object({
  client_id: z.string().optional(),
  response_type: z.string().optional(),
  redirect_uri: z.string().optional(),
  scope: z.string().default(''),
  state: z.string().optional(),
  code_challenge: z.string().optional(),
  code_challenge_method: z.enum(['S256', 'plain']).default('plain'),
  prompt: z.enum(['consent']).optional(),
});

export interface AuthorizeRequest {
  redirectUri: string;
  scopes: string[];
  state: string | undefined;
  challenge: string | null;
  method: 'S256' | 'plain';
}

const problem = (code: number, zh: string, en: string): { problem: PageProblem } => ({
  problem: { code, words: { zh, en } },
});

/** Checks the query of the authorize page in Feishu's order. */
export function readAuthorizeRequest(
  query: Record<string, unknown>,
  apps: AppBook,
): { request: AuthorizeRequest; app: SandboxApp } | { problem: PageProblem } {
  const parsed = paramsSchema.safeParse(query);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? '';
    return problem(20_063, `请求参数 ${field} 不正确。`, `The request parameter ${field} is not valid.`);
  }
  const params = parsed.data;
  const app = apps.find(params.client_id ?? '');
  if (!app) return problem(20_048, '应用不存在，请检查 client_id。', 'No such app. Check the client_id.');
  if (!app.settings.published)
    return problem(20_069, '应用尚未发布，请先发布一个版本。', 'The app is not online. Publish a version of it first.');
  if (params.response_type !== 'code')
    return problem(20_001, 'response_type 必须是 code。', 'response_type must be "code".');
  if (!params.redirect_uri || !app.hasRedirect(params.redirect_uri)) {
    return problem(
      20_029,
      `重定向地址不在应用的列表中：${params.redirect_uri ?? '（空）'}。请在应用的安全设置里登记它。`,
      `The redirect URL is not on the app's list: ${params.redirect_uri ?? '(none)'}. Register it in the app's security settings.`,
    );
  }
  return checkScopes(params, params.redirect_uri, app);
}

function checkScopes(
  params: z.infer<typeof paramsSchema>,
  redirectUri: string,
  app: SandboxApp,
): { request: AuthorizeRequest; app: SandboxApp } | { problem: PageProblem } {
  const scopes = [...new Set(params.scope.split(' ').filter(Boolean))];
  if (scopes.length > 50)
    return problem(20_063, '一次最多申请 50 项权限。', 'At most 50 scopes can be asked for at once.');
  const missing = scopes.filter((scope) => !app.hasEnabled(scope));
  if (missing.length > 0) {
    const list = missing.join(', ');
    return problem(20_027, `应用没有开通这些权限：${list}。`, `The app has not enabled these scopes: ${list}.`);
  }
  const { state, code_challenge: challenge = null, code_challenge_method: method } = params;
  return { app, request: { redirectUri, scopes, state, challenge, method } };
}

/** Where the browser goes next: back to the app, with `answer` and the state it sent. */
export function redirectBack(request: AuthorizeRequest, answer: { code: string } | { error: string }): URL {
  const url = new URL(request.redirectUri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  if (request.state !== undefined) url.searchParams.set('state', request.state);
  return url;
}
