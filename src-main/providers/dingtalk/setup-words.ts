import type { Words } from '../../contract/words.ts';

export const noCredentials: Words = {
  zh: '还没有钉钉应用的 AppKey 和 AppSecret：请设置 DINGTALK_APP_KEY 和 DINGTALK_APP_SECRET。',
  en: 'There is no AppKey and AppSecret yet: set DINGTALK_APP_KEY and DINGTALK_APP_SECRET.',
};
export const noOperator: Words = {
  zh: '还没有设置操作人：请设置 DINGTALK_OPERATOR_ID（操作人的 unionId）或 DINGTALK_OPERATOR_USER_ID，然后重新启动。',
  en: 'There is no operator: set DINGTALK_OPERATOR_ID (the unionId of the person to act as) or DINGTALK_OPERATOR_USER_ID, then start again.',
};
export const pausedRenewal: Words = {
  zh: '多次取不到钉钉令牌，自动续期已暂停。请检查 AppKey、AppSecret 和网络，然后恢复连接器。',
  en: 'DingTalk gave no token several times in a row, and renewal is paused. Check AppKey, AppSecret and the network, then resume the connector.',
};
