import type { Words } from '../contract/words.ts';

/** What is expected of the fields that a person fills in. */
const expected: Readonly<Record<string, Words>> = {
  appId: { zh: 'App ID 形如 cli_ 加字母和数字', en: 'an app id is cli_ followed by letters and digits' },
  appSecret: { zh: 'App Secret 不能为空', en: 'the app secret must not be empty' },
  token: {
    zh: 'user_access_token 以 u- 或 eyJ 开头，中间没有空格',
    en: 'a user_access_token begins with u- or eyJ and has no spaces',
  },
  name: { zh: '名称为 1 到 40 个字', en: 'a name has 1 to 40 characters' },
  scopes: { zh: '权限形如 im:message:readonly', en: 'a scope looks like im:message:readonly' },
};

/** Says which fields of an input are wrong and, where a person filled them in, what they should be. Values stay out. */
export function wrongFields(paths: readonly string[]): Words {
  const one = (path: string, language: keyof Words) => {
    const words = expected[path.split('.')[0] ?? ''];
    return words ? `${path} (${words[language]})` : path;
  };
  const list = (language: keyof Words) =>
    paths.map((path) => one(path, language)).join(language === 'zh' ? '、' : ', ');
  return {
    zh: `输入不正确：${list('zh')}。请改正后重试。`,
    en: `The input is wrong: ${list('en')}. Correct it and try again.`,
  };
}
