import type { Story } from './company.ts';
import { createDocument, markdownToBlocks } from './documents.ts';
import { addFile } from './drive-files.ts';
import { peopleOf, tenants } from './people.ts';
import type { World } from './world.ts';

const team = peopleOf('lark').map((person) => person.key);
const [creator = ''] = team;

/** The company behind the Lark origin: small, in English, and unknown to the other one. */
export const maple: Story = {
  creator,
  team,
  tasklist: 'Spring launch',
  chats: [
    {
      name: 'Launch team',
      description: 'Everything about the spring launch',
      members: team,
      talk: [
        ['olivia.carter', 'Morning! The landing page goes live on Thursday.'],
        ['noah.tanaka', 'Sign-ups from the waitlist are at 1,240. I will share the cohort numbers after lunch.'],
        ['olivia.carter', 'Great. Please add them to the launch brief.'],
      ],
    },
  ],
  events: [
    { title: 'Launch review', organizer: 'olivia.carter', guests: team, days: 1, from: 11, hours: 1 },
    { title: 'Metrics sync', organizer: 'noah.tanaka', guests: ['olivia.carter'], days: 2, from: 15, hours: 0.5 },
  ],
  tasks: [
    { summary: 'Add cohort numbers to the launch brief', creator, assignee: 'noah.tanaka', dueDays: 1 },
    { summary: 'Approve the landing page', creator: 'noah.tanaka', assignee: creator, dueDays: 2 },
  ],
  files: writeBrief,
};

function writeBrief(world: World): void {
  const name = 'Launch brief';
  const text = '## Goal\n2,000 sign-ups in the first week\n- [ ] Landing page\n- [ ] Newsletter';
  const { token } = createDocument(world, name, markdownToBlocks(text));
  const tenantKey = tenants.find((tenant) => tenant.brand === 'lark')?.key ?? '';
  addFile(world, { token, type: 'docx', name, owner: creator, tenantKey });
}
