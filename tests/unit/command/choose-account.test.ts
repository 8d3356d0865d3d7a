import { describe, expect, test } from 'vitest';
import { chooseAccount } from '../../../src-main/command/choose-account.ts';
import { appFor } from '../../../src-main/command/login-command.ts';
import { sampleAccount, sampleApp } from '../../helpers/sample-views.ts';

const lin = sampleAccount({ id: 'acc_1', name: '林晓雨', isDefault: false });
const chen = sampleAccount({ id: 'acc_2', name: '陈志远', isDefault: true });
const twin = sampleAccount({ id: 'acc_3', name: '林晓雨', isDefault: false });

describe('who is meant', () => {
  test('an id or a name names an account, nothing the default one', () => {
    expect(chooseAccount([lin, chen], 'acc_1')).toBe(lin);
    expect(chooseAccount([lin, chen], '林晓雨')).toBe(lin);
    expect(chooseAccount([lin, chen], undefined)).toBe(chen);
  });

  test('a name that two have, or nobody has, is refused with a list to choose from', () => {
    expect(() => chooseAccount([lin, chen, twin], '林晓雨')).toThrow('acc_1 (林晓雨), acc_2 (陈志远), acc_3 (林晓雨)');
    expect(() => chooseAccount([lin], 'acc_9')).toThrow('acc_1 (林晓雨)');
  });

  test('without anybody it says how to sign in', () => {
    expect(() => chooseAccount([], undefined)).toThrow('larkgate login');
  });
});

describe('the app to sign in to', () => {
  const feishu = sampleApp({ id: 'cli_feishu', isDefault: true });
  const lark = sampleApp({ id: 'cli_lark', brand: 'lark', isDefault: false });

  test('is the one that was named, else the default one, else the one of that brand', () => {
    expect(appFor({ appId: 'cli_lark', brand: undefined }, [feishu, lark])).toBe(lark);
    expect(appFor({ appId: undefined, brand: undefined }, [lark, feishu])).toBe(feishu);
    expect(appFor({ appId: undefined, brand: 'lark' }, [feishu, lark])).toBe(lark);
  });

  test('is to be created where there is none of that brand, and asked for where a name is not known', () => {
    expect(appFor({ appId: undefined, brand: 'lark' }, [feishu])).toBeUndefined();
    expect(() => appFor({ appId: 'cli_other', brand: undefined }, [feishu])).toThrow('larkgate app add cli_other');
  });
});
