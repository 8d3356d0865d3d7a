import type { Language, Words } from '../../contract/words.ts';
import type { Answer } from '../wire/envelope.ts';
import { decisionForm } from './decision-form.ts';
import { escape, page, type PageFrame } from './page.ts';
import type { RegistrationPlan } from './registration-plan.ts';
import { scopeList } from './scope-words.ts';

const words = {
  create: { zh: '创建应用', en: 'Create an app' },
  extend: { zh: '为应用开通权限', en: 'Enable permissions of an app' },
  usualName: { zh: '{user}的智能助手', en: 'Assistant of {user}' },
  yourName: { zh: '你的名字', en: 'your name' },
  newApp: { zh: '将在你的企业里创建应用：', en: 'An app will be created in your organization:' },
  oldApp: { zh: '将修改应用：', en: 'This app will be changed:' },
  has: { zh: '登录它的人可以授权它：', en: 'People who sign in to it can allow it to:' },
  gains: { zh: '新增权限：', en: 'New permissions:' },
  confirm: { zh: '确认', en: 'Confirm' },
  deny: { zh: '取消', en: 'Cancel' },
  done: { zh: '已完成', en: 'Done' },
  goBack: { zh: '可以关闭此页面，回到应用继续。', en: 'You can close this page and go back to the app.' },
  refused: { zh: '已取消', en: 'Canceled' },
  nothing: {
    zh: '没有创建或修改任何应用，可以关闭此页面。',
    en: 'No app was created or changed. You can close this page.',
  },
} as const satisfies Record<string, Words>;

/** What would be created or changed, and who says so. */
export function registrationPage(frame: PageFrame, plan: RegistrationPlan): Answer {
  const { language } = frame;
  const { app, scopes, people } = plan;
  const body = `<p>${words[app ? 'oldApp' : 'newApp'][language]} <strong>${escape(nameOf(plan, language))}</strong></p>
<p>${words[app ? 'gains' : 'has'][language]}</p>${scopeList(scopes, language)}
${decisionForm(frame, { people, allow: words.confirm, deny: words.deny })}`;
  return page(frame, { title: app ? words.extend : words.create, body });
}

export function registeredPage(frame: PageFrame, confirmed: boolean): Answer {
  const { language } = frame;
  const body = `<p role="status">${(confirmed ? words.goBack : words.nothing)[language]}</p>`;
  return page(frame, { title: confirmed ? words.done : words.refused, body });
}

function nameOf({ app, name }: RegistrationPlan, language: Language): string {
  if (app) return app.record.name;
  return (name ?? words.usualName[language]).replaceAll('{user}', `<${words.yourName[language]}>`);
}
