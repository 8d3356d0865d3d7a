import { expect, test } from 'vitest';
import { Fault } from '../../../../src-main/base/fault.ts';
import { chooseTools, type Offer } from '../../../../src-main/providers/lark/choose-tools.ts';

const appOnly = { zh: '只能由应用使用', en: 'for apps only' };
const offer: Offer = {
  presets: new Map([
    ['preset.im', ['im.v1.message.create', 'im.v1.message.urgentSms', 'im.v1.chat.list']],
    ['preset.doc', ['docx.v1.document.rawContent', 'im.v1.chat.list']],
  ]),
  names: ['docx.v1.document.rawContent', 'im.v1.chat.list', 'im.v1.message.create', 'im.v1.message.urgentSms'],
  whyNot: (name) => (name === 'im.v1.message.urgentSms' ? appOnly : undefined),
};

test('presets and names are joined in the order of the settings, each tool once', () => {
  const { chosen } = chooseTools(['docx.v1.document.rawContent', 'preset.im', 'preset.doc'], offer);
  expect(chosen).toEqual(['docx.v1.document.rawContent', 'im.v1.message.create', 'im.v1.chat.list']);
});

test.each(['im.v1.message.create', 'im_v1_message_create', 'imV1MessageCreate', 'im-v1-message-create'])(
  'a tool may be named %s',
  (name) => {
    expect(chooseTools([name], offer).chosen).toEqual(['im.v1.message.create']);
  },
);

test('a tool that a person cannot use is left out, and said when it was asked for by name', () => {
  expect(chooseTools(['preset.im'], offer)).toEqual({
    chosen: ['im.v1.message.create', 'im.v1.chat.list'],
    notOffered: [],
  });
  expect(chooseTools(['im_v1_message_urgentSms', 'preset.im'], offer).notOffered).toEqual([
    { name: 'im.v1.message.urgentSms', words: appOnly },
  ]);
});

test('every unknown name is reported at once, with the nearest known ones', () => {
  const fault = thrownBy(() => chooseTools(['preset.imm', 'im.v1.message.creat', 'zzz'], offer));
  expect(fault).toMatchObject({ code: 'config_invalid', details: { field: 'tools.enabled' } });
  expect(fault.details?.problems).toMatchObject([
    { name: 'preset.imm', didYouMean: ['preset.im', expect.anything()] },
    { name: 'im.v1.message.creat', didYouMean: expect.arrayContaining(['im.v1.message.create']) },
    { name: 'zzz', didYouMean: [] },
  ]);
  expect(fault.words.zh).toContain('im.v1.message.creat (im.v1.message.create');
});

test('names of the language itself are not tools', () => {
  expect(thrownBy(() => chooseTools(['__proto__', 'constructor', ''], offer)).details?.problems).toHaveLength(3);
});

function thrownBy(act: () => unknown): Fault {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
  }
  throw new Error('no fault was thrown');
}
