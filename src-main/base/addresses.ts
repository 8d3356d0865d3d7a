import type { Config } from '../contract/config.ts';

/** Feishu's two hosts (Lark's for the international brand), or the stand-in's. */
export function larkHosts(settings: Config['lark']): { open: string; accounts: string } {
  const domain = settings.brand === 'lark' ? 'larksuite.com' : 'feishu.cn';
  return {
    open: settings.openUrl ?? `https://open.${domain}`,
    accounts: settings.accountsUrl ?? `https://accounts.${domain}`,
  };
}
