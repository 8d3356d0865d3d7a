import { z } from 'zod';
import type { Brand } from '../../contract/views.ts';
import { colleaguesOf, findPerson, people, peopleOf, type Person } from '../company/people.ts';
import { readAddons } from './addons.ts';
import type { AppBook, NewAgent } from './app-book.ts';
import type { PageProblem } from './page.ts';
import type { SandboxApp } from './sandbox-app.ts';

const querySchema = z.object({
  name: z.string().max(100).optional().catch(undefined),
  desc: z.string().max(500).optional().catch(undefined),
  addons: z.string().optional().catch(undefined),
  /** Only the very word counts. */
  createOnly: z.literal('true').optional().catch(undefined),
  clientID: z.string().optional().catch(undefined),
});

/** What a confirmation on the registration page would do. */
export interface RegistrationPlan {
  /** The app that is extended; a new one is made when there is none. */
  app: SandboxApp | undefined;
  /** As the link has it, with `{user}` for the person's name. */
  name: string | undefined;
  /** Those that Feishu knows and the app does not have yet. */
  scopes: string[];
  selfManage: boolean;
  /** Who may confirm; the owner comes first. */
  people: readonly Person[];
  agentOf(person: Person): NewAgent;
}

const selfManageScope = 'application:application:self_manage';

/** Reads the page's query: what the official SDK puts there. */
export function planRegistration(
  query: Record<string, unknown>,
  host: Brand,
  apps: Record<Brand, AppBook>,
): RegistrationPlan | { problem: PageProblem } {
  const { name, desc = '', addons: packed, createOnly, clientID } = querySchema.parse(query);
  const addons = readAddons(packed);
  const appId = createOnly === undefined ? clientID : undefined;
  const app = appId === undefined ? undefined : (apps.feishu.find(appId) ?? apps.lark.find(appId));
  const problem = appId === undefined ? undefined : whyNot(app);
  if (problem) return { problem };
  const scopes = addons.scopes.user.filter((scope) => apps[host].knows(scope) && !app?.hasEnabled(scope));
  const selfManage = addons.scopes.tenant.includes(selfManageScope);
  return {
    app,
    name,
    scopes: [...new Set(scopes)],
    selfManage,
    people: app ? ownerFirst(app) : offeredAt(host),
    agentOf: (person) => ({
      name: (name ?? '{user}').replaceAll('{user}', person.name),
      description: desc.replaceAll('{user}', person.name),
      owner: person.key,
      scopes: [...new Set(scopes)],
      selfManage,
    }),
  };
}

/** The Feishu host serves people of both services: where the app is made follows from who confirms. */
function offeredAt(host: Brand): readonly Person[] {
  return host === 'feishu' ? people : peopleOf('lark');
}

function ownerFirst(app: SandboxApp): Person[] {
  const owner = findPerson(app.record.owner);
  const others = colleaguesOf(app.tenantKey).filter((one) => one !== owner);
  return owner ? [owner, ...others] : others;
}

function whyNot(app: SandboxApp | undefined): PageProblem | undefined {
  if (!app) return { code: 20_048, words: { zh: '应用不存在，请检查链接。', en: 'No such app. Check the link.' } };
  if (app.record.origin === 'PersonalAgent') return undefined;
  return {
    code: null,
    words: {
      zh: '这个应用是在开发者后台创建的，不能通过扫码修改。请到开发者后台的「权限管理」里开通权限。',
      en: 'This app was created in the developer console and cannot be changed here. Enable its permissions in the console.',
    },
  };
}
