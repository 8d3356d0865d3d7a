import { Anchor, Drawer } from '@mantine/core';
import type { AccountView, CallView } from '../../src-main/contract/views.ts';
import { accountName } from '../account-name.ts';
import { formatFull, formatMs } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { callTexts, outcomeHints } from '../texts/calls.ts';
import { common, risks } from '../texts/common.ts';
import { useFaultWords } from '../use-fault-words.ts';
import styles from './call-detail.module.css';
import { CallTime } from './call-time.tsx';
import { CopyButton } from './copy-button.tsx';
import dialog from './dialog.module.css';
import { OutcomeBadge } from './outcome-badge.tsx';

interface CallDetailProps {
  /** Undefined: none is open. */
  call: CallView | undefined;
  accounts: AccountView[];
  onClose: () => void;
}

/** Everything that was recorded of one call, beside the list. */
export function CallDetail({ call, accounts, onClose }: CallDetailProps) {
  const { t } = useLanguage();
  return (
    <Drawer.Root
      opened={call !== undefined}
      onClose={onClose}
      position="right"
      lockScroll={false}
      transitionProps={{ duration: 0 }}
    >
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={dialog.head}>
          <Drawer.Title className={styles.code}>{call?.tool}</Drawer.Title>
          <Drawer.CloseButton aria-label={t(common.close)} />
        </div>
        <Drawer.Body>
          {call && (
            <>
              <OutcomeBadge outcome={call.outcome} />
              <Explanation call={call} />
              {call.ms !== null && <CallTime ms={call.ms} upstreamMs={call.upstreamMs} />}
              <CallFacts call={call} accounts={accounts} />
            </>
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** How it ended and what to do now: what its fault says, or what such an end means. */
function Explanation({ call }: { call: CallView }) {
  const { t } = useLanguage();
  const said = useFaultWords()(call.fault);
  return (
    <>
      {said && <p>{said}</p>}
      <p>
        {t(outcomeHints[call.outcome ?? 'running'])} {call.outcome === 'error' && call.logId && t(callTexts.lookUp)}
      </p>
      {call.fault === 'sign_in_again' || call.fault === 'sign_in_required' ? (
        <p>
          <Anchor size="sm" href={linkTo('accounts')}>
            {t(callTexts.toAccounts)}
          </Anchor>
        </p>
      ) : (
        call.outcome === 'refused' && (
          <p>
            <Anchor size="sm" href={linkTo('limits')}>
              {t(callTexts.toLimits)}
            </Anchor>
          </p>
        )
      )}
    </>
  );
}

function CallFacts({ call, accounts }: { call: CallView; accounts: AccountView[] }) {
  const { language, t } = useLanguage();
  const plain: [string, string | null][] = [
    [t(callTexts.started), formatFull(call.startedAt, language)],
    [t(common.duration), call.ms === null ? null : formatMs(call.ms)],
    [t(callTexts.risk), call.risk && t(risks[call.risk])],
    [t(common.client), call.client],
    [t(common.account), accountName(call.accountId, accounts)],
  ];
  const codes: [string, string | null][] = [
    [t(callTexts.provider), call.provider],
    [t(callTexts.fault), call.fault],
    [t(callTexts.upstreamCode), call.upstreamCode?.toString() ?? null],
    [t(callTexts.key), call.keyId],
    [t(callTexts.callId), call.id],
    [t(callTexts.fingerprint), call.argumentsSha256],
  ];
  return (
    <dl className={styles.facts}>
      {plain.map(([name, value]) => value !== null && <Fact key={name} name={name} value={value} />)}
      {call.logId !== null && (
        <>
          <dt>{t(callTexts.logId)}</dt>
          <dd className={styles.copied}>
            <span className={styles.code}>{call.logId}</span>
            <CopyButton value={call.logId} what={t(callTexts.logId)} />
          </dd>
        </>
      )}
      <dt>{t(common.session)}</dt>
      <dd className={styles.code}>
        <Anchor size="sm" href={linkTo('sessions', { session: call.sessionId })}>
          {call.sessionId}
        </Anchor>
      </dd>
      {codes.map(([name, value]) => value !== null && <Fact key={name} name={name} value={value} code />)}
    </dl>
  );
}

function Fact({ name, value, code = false }: { name: string; value: string; code?: boolean }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={code ? styles.code : undefined}>{value}</dd>
    </>
  );
}
