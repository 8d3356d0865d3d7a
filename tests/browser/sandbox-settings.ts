import type { AppSettingsPatch } from '../../src-main/sandbox/accounts/sandbox-app.ts';
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts';

/** Does in the sandbox's developer console what a person does there: settings of an app, the first one by default. */
export function changeApp(sandbox: Sandbox, change: AppSettingsPatch, appId = sandbox.appId): Promise<void> {
  return tell(sandbox, `/__app?appId=${appId}`, change);
}

/** Lets time pass at Feishu alone. */
export function advanceSandbox(sandbox: Sandbox, advanceMs: number): Promise<void> {
  return tell(sandbox, '/__clock', { advanceMs });
}

async function tell(sandbox: Sandbox, path: string, body: unknown): Promise<void> {
  const answer = await fetch(sandbox.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
