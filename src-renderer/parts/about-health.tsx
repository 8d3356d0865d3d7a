import { Alert, Anchor } from '@mantine/core';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { NoticeView } from '../../src-main/contract/views.ts';
import { accountName } from '../account-name.ts';
import { formatMoment } from '../format.ts';
import { problemsOf } from '../gateway-state.ts';
import { useLanguage } from '../language.tsx';
import lists from '../pages/overview.module.css';
import { linkTo } from '../route.ts';
import { aboutTexts } from '../texts/about.ts';
import { useNow } from '../use-now.ts';
import { Panel, Section } from './section.tsx';

const colors: Record<NoticeView['level'], string> = { info: 'blue', warning: 'yellow', error: 'red' };

/** Whether all is well, and if not, why and since when. */
export function AboutHealth({ snapshot }: { snapshot: Snapshot }) {
  const { language, t } = useLanguage();
  const now = useNow();
  const { notices, signIns } = problemsOf(snapshot);
  const isWell = notices.length + signIns.length === 0;
  return (
    <Section title={t(aboutTexts.health)}>
      <Panel>
        <div className={lists.list}>
          <strong>
            <span aria-hidden>{isWell ? '✓ ' : '! '}</span>
            {t(isWell ? aboutTexts.well : aboutTexts.degraded)}
          </strong>
          {snapshot.paused && <span>{t(aboutTexts.paused)}</span>}
          {notices.map((notice) => (
            <Alert key={notice.id} color={colors[notice.level]}>
              {notice.accountId && <strong>{accountName(notice.accountId, snapshot.accounts)}: </strong>}
              {t(notice.words)}
              <div className={lists.dim}>{t(aboutTexts.since(formatMoment(notice.since, language, now)))}</div>
            </Alert>
          ))}
          {signIns.map((account) => (
            <Alert key={account.id} color="yellow">
              {t(aboutTexts.signIn(account.name))} {account.reason && t(account.reason)}{' '}
              <Anchor underline="always" size="sm" href={linkTo('accounts')}>
                {t(aboutTexts.toAccounts)}
              </Anchor>
            </Alert>
          ))}
        </div>
      </Panel>
    </Section>
  );
}
