import type { RequestPreview } from '../../src-main/contract/tool-views.ts';
import { useLanguage } from '../language.tsx';
import { tryTexts } from '../texts/tool-try.ts';
import type { DryRun } from '../use-try.ts';
import { CopyButton } from './copy-button.tsx';
import styles from './tool-request.module.css';

/** A request that was not sent, as it would be. */
export function ToolRequest({ dryRun: { request, more } }: { dryRun: DryRun }) {
  const { t } = useLanguage();
  return (
    <div className={styles.request}>
      <div className={styles.line}>
        <span className={styles.method}>{request.method}</span> {request.path}
      </div>
      {request.query.length > 0 && (
        <>
          <span className={styles.what}>{t(tryTexts.query)}</span>
          <ul className={styles.query}>
            {request.query.map(([name, value], index) => (
              // oxlint-disable-next-line react/no-array-index-key -- the same name may come twice
              <li key={index}>
                {name} = {value}
              </li>
            ))}
          </ul>
        </>
      )}
      {request.kind !== 'none' && request.body !== null && (
        <>
          <span className={styles.what}>{t(request.kind === 'form' ? tryTexts.form : tryTexts.body)}</span>
          <pre className={styles.body} tabIndex={0} aria-label={t(tryTexts.body)}>
            {JSON.stringify(request.body, undefined, 2)}
          </pre>
        </>
      )}
      {more && <p className={styles.what}>{t(tryTexts.more)}</p>}
      <CopyButton value={requestText(request)} what={t(tryTexts.request)} />
    </div>
  );
}

function requestText({ method, path, query, body }: RequestPreview): string {
  const search = new URLSearchParams(query).toString();
  const line = `${method} ${path}${search && `?${search}`}`;
  return body === null ? line : `${line}\n\n${JSON.stringify(body, undefined, 2)}`;
}
