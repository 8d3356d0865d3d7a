import type { Config } from '../contract/config.ts';
import type { Brand } from '../contract/views.ts';

export interface LarkHosts {
  open: string;
  accounts: string;
}

/** The two hosts of Feishu or of Lark international, or those of a stand-in. Origins, without a slash at the end. */
export function larkHosts(brand: Brand, settings: Config['lark']): LarkHosts {
  return brand === 'lark'
    ? {
        open: settings.larkOpenUrl ?? 'https://open.larksuite.com',
        accounts: settings.larkAccountsUrl ?? 'https://accounts.larksuite.com',
      }
    : {
        open: settings.openUrl ?? 'https://open.feishu.cn',
        accounts: settings.accountsUrl ?? 'https://accounts.feishu.cn',
      };
}
