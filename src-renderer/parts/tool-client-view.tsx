import { Alert, Badge, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { ClientView } from '../../src-main/contract/views.ts';
import { formatCount } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { common, risks } from '../texts/common.ts';
import { toolTexts } from '../texts/tools.ts';
import { useAnswer } from '../use-answer.ts';
import { Panel, Section } from './section.tsx';
import styles from './tool-client-view.module.css';

interface ToolClientViewProps {
  clients: ClientView[];
  revision: number;
}

/** The list of tools as one client is given it. */
export function ToolClientView({ clients, revision }: ToolClientViewProps) {
  const { t } = useLanguage();
  const [chosen, setChosen] = useState('');
  const keyId = clients.find((client) => client.keyId === chosen)?.keyId;
  return (
    <Section title={t(toolTexts.clientView)}>
      <Panel>
        <NativeSelect
          className={styles.choice}
          label={t(toolTexts.client)}
          description={t(toolTexts.clientViewHint)}
          value={keyId ?? ''}
          data={[{ value: '', label: '–' }, ...clients.map((client) => ({ value: client.keyId, label: client.name }))]}
          onChange={(change) => setChosen(change.currentTarget.value)}
        />
        {keyId !== undefined && <Seen key={keyId} keyId={keyId} revision={revision} />}
      </Panel>
    </Section>
  );
}

function Seen({ keyId, revision }: { keyId: string; revision: number }) {
  const { language, t } = useLanguage();
  const { answer, error } = useAnswer('clientView', { keyId }, revision);
  if (error) {
    return (
      <Alert color="red" role="alert" mt="md">
        {t(error.words)}
      </Alert>
    );
  }
  if (!answer) return <p role="status">{t(common.loading)}</p>;
  const { tools, tokens, bytes } = answer;
  if (tools.length === 0) return <p role="status">{t(toolTexts.clientSeesNone)}</p>;
  const [count, cost] = [formatCount(tools.length, language), formatCount(tokens, language)];
  return (
    <>
      <p className={styles.sum} role="status">
        {t(toolTexts.clientSees(count, cost, formatCount(Math.ceil(bytes / 1024), language)))}
      </p>
      <ol className={styles.seen} aria-label={t(toolTexts.clientView)} tabIndex={0}>
        {tools.map(({ name, title, risk, tokens: each }) => (
          <li key={name}>
            <span className={styles.code}>{name}</span> <span>{title}</span>{' '}
            {risk !== 'read' && (
              <Badge size="sm" variant="light" color={risk === 'write' ? 'yellow' : 'red'}>
                {t(risks[risk])}
              </Badge>
            )}{' '}
            <span className={styles.dim}>{t(toolTexts.tokenCount(formatCount(each, language)))}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
