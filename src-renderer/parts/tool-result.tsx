import { Alert, Anchor, Badge } from '@mantine/core';
import type { TryResultView } from '../../src-main/contract/tool-views.ts';
import { formatCount, formatMs } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { tryTexts } from '../texts/tool-try.ts';
import { toolAnswer } from '../tool-answer.ts';
import { CopyButton } from './copy-button.tsx';
import styles from './tool-request.module.css';

/** More than a person reads, and less than slows a page down. */
const mostShown = 100_000;

/** What came of a call, as a client would get it. */
export function ToolResult({ result }: { result: TryResultView }) {
  const { language, t } = useLanguage();
  const { isError, call } = result;
  const { text, message, link } = toolAnswer(result, language);
  const isCut = text.length > mostShown;
  return (
    <div className={styles.request} data-error={isError}>
      <div className={styles.facts}>
        <Badge variant="light" color={isError ? 'red' : 'green'}>
          {t(isError ? tryTexts.failed : tryTexts.succeeded)}
        </Badge>
        {call.ms !== null && <span>{t(tryTexts.took(formatMs(call.ms)))}</span>}
        {call.logId && <span className={styles.what}>{t(tryTexts.logId(call.logId))}</span>}
        <Anchor size="sm" href={linkTo('calls', { tool: call.tool })}>
          {t(tryTexts.seeCall)}
        </Anchor>
      </div>
      {message !== null && (
        <Alert color="red" role="alert">
          {message}
          {link !== null && (
            <div>
              <Anchor size="sm" href={link} target="_blank" rel="noopener noreferrer">
                {t(tryTexts.link)}
              </Anchor>
            </div>
          )}
        </Alert>
      )}
      <pre className={styles.body} tabIndex={0} aria-label={t(tryTexts.result)}>
        {isCut ? text.slice(0, mostShown) : text}
      </pre>
      {isCut && (
        <p className={styles.what}>
          {t(tryTexts.cut(formatCount(mostShown, language), formatCount(text.length, language)))}
        </p>
      )}
      <CopyButton value={text} what={t(tryTexts.resultText)} />
    </div>
  );
}
