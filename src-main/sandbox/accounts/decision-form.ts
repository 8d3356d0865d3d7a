import { z } from 'zod';
import type { Words } from '../../contract/words.ts';
import { type Person, tenantOf } from '../company/people.ts';
import { Refusal } from '../wire/envelope.ts';
import type { Incoming } from '../wire/exchange.ts';
import { escape, type PageFrame, toQuery } from './page.ts';

const who: Words = { zh: '选择账号', en: 'Choose an account' };

/** Which of these people says yes, or no. */
export function decisionForm(
  { language, query }: PageFrame,
  { people, allow, deny }: { people: readonly Person[]; allow: Words; deny: Words },
): string {
  const choices = people.map((person, at) => {
    const tenant = tenantOf(person).name[language];
    const name = language === 'en' && person.enName !== person.name ? `${person.enName} (${person.name})` : person.name;
    return `<label><input type="radio" name="person" value="${person.key}"${at === 0 ? ' checked' : ''}><span>${escape(name)}<small><span>${escape(`${person.title[language]} · ${tenant}`)}</span></small></span></label>`;
  });
  return `<form method="post" action="?${toQuery(query)}"><fieldset><legend>${who[language]}</legend>${choices.join('')}</fieldset>
<p class="buttons"><button class="allow" name="decision" value="allow">${allow[language]}</button><button name="decision" value="deny">${deny[language]}</button></p></form>`;
}

const choiceSchema = z.object({ person: z.string().optional(), decision: z.enum(['allow', 'deny']) });

/** The person who said yes, or null for a no. Only those who were offered can say it; the first when none is named. */
export function readDecision(incoming: Incoming, offered: readonly Person[]): Person | null {
  const choice = choiceSchema.safeParse(incoming.body);
  if (!choice.success) throw new Refusal(20_063, 'the form is incomplete');
  if (choice.data.decision === 'deny') return null;
  const { person: key } = choice.data;
  const person = key === undefined ? offered[0] : offered.find((one) => one.key === key);
  if (!person) throw new Refusal(20_008, 'no such person');
  return person;
}
