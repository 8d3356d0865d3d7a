import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Words } from '../../src-main/contract/words.ts';
import { useLanguage } from '../language.tsx';
import { tryTexts } from '../texts/tool-try.ts';
import { fitsShape } from '../tool-arguments.ts';
import { type Field, type FieldShape, isRecord } from '../tool-form.ts';
import { LongText } from './long-text.tsx';
import styles from './tool-field.module.css';
import { ToolScalar } from './tool-scalar.tsx';

interface ToolFieldsProps {
  fields: Field[];
  values: Record<string, unknown>;
  /** Of the group they are in; empty at the top. */
  path: string;
  problems: ReadonlyMap<string, Words>;
  onChange: (values: Record<string, unknown>) => void;
}

/** A form for the fields of one object. */
export function ToolFields({ fields, values, path, problems, onChange }: ToolFieldsProps) {
  return (
    <div className={styles.fields}>
      {fields.map((field) => (
        <ToolField
          key={field.name}
          {...field}
          label={field.name}
          path={path ? `${path}.${field.name}` : field.name}
          value={values[field.name]}
          problems={problems}
          onChange={(value) => onChange({ ...values, [field.name]: value })}
        />
      ))}
    </div>
  );
}

interface ToolFieldProps extends Omit<Field, 'name'> {
  label: string;
  path: string;
  value: unknown;
  problems: ReadonlyMap<string, Words>;
  onChange: (value: unknown) => void;
}

function ToolField({ shape, ...field }: ToolFieldProps) {
  // A value that came from JSON and is nothing for this field is shown as it is.
  if (!fitsShape(shape, field.value)) return <ToolScalar {...field} shape={{ kind: 'json' }} />;
  if (shape.kind === 'group') return <GroupField {...field} shape={shape} />;
  if (shape.kind === 'list') return <ListField {...field} shape={shape} />;
  return <ToolScalar {...field} shape={shape} />;
}

type OfKind<Kind extends FieldShape['kind']> = Omit<ToolFieldProps, 'shape'> & {
  shape: Extract<FieldShape, { kind: Kind }>;
};

/** Fields that belong together. Those that may be left out stay closed until they are wanted. */
function GroupField({ label, description, required, path, value, problems, onChange, shape }: OfKind<'group'>) {
  const { t } = useLanguage();
  const wrong = [...problems.keys()].some((place) => place.startsWith(`${path}.`));
  const [opened, setOpen] = useState(required || value !== undefined);
  const open = opened || wrong;
  return (
    <Frame label={label} required={required} description={description} error={problems.get(path)}>
      <details open={open} onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
        <summary className={styles.summary}>
          {label} · {t(tryTexts.fieldCount(shape.fields.length))}
        </summary>
        {open && (
          <ToolFields
            fields={shape.fields}
            values={isRecord(value) ? value : {}}
            path={path}
            problems={problems}
            onChange={onChange}
          />
        )}
      </details>
    </Frame>
  );
}

const empty: Record<FieldShape['kind'], unknown> = {
  text: '',
  number: undefined,
  flag: undefined,
  choice: undefined,
  list: [],
  group: {},
  json: undefined,
};

function ListField({ label, description, required, path, value, problems, onChange, shape }: OfKind<'list'>) {
  const { t } = useLanguage();
  const items: unknown[] = Array.isArray(value) ? value : [];
  const replace = (index: number, item: unknown) => onChange(items.map((other, at) => (at === index ? item : other)));
  return (
    <Frame label={label} required={required} description={description} error={problems.get(path)}>
      {items.length === 0 && <p className={styles.none}>{t(tryTexts.emptyList)}</p>}
      {items.map((item, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- an item has nothing else that names it
        <div key={index} className={styles.item}>
          <ToolField
            label={t(tryTexts.itemOf(label, index + 1))}
            description=""
            required
            shape={shape.item}
            path={`${path}[${index}]`}
            value={item}
            problems={problems}
            onChange={(changed) => replace(index, changed)}
          />
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            aria-label={t(tryTexts.removeItem(label, index + 1))}
            onClick={() => onChange(items.filter((_, at) => at !== index))}
          >
            {t(tryTexts.remove)}
          </Button>
        </div>
      ))}
      <Button size="compact-sm" variant="default" onClick={() => onChange([...items, empty[shape.item.kind]])}>
        {t(tryTexts.addTo(label))}
      </Button>
    </Frame>
  );
}

interface FrameProps {
  label: string;
  required: boolean;
  description: string;
  error: Words | undefined;
  children: ReactNode;
}

function Frame({ label, required, description, error, children }: FrameProps) {
  const { t } = useLanguage();
  return (
    <fieldset className={styles.frame}>
      <legend className={styles.legend}>
        {label}
        {required && <span className={styles.required}> *</span>}
      </legend>
      {description && <LongText text={description} />}
      {error && <p className={styles.error}>{t(error)}</p>}
      {children}
    </fieldset>
  );
}
