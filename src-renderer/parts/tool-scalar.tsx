import { NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Words } from '../../src-main/contract/words.ts';
import { useLanguage } from '../language.tsx';
import { type MomentForm, momentFromPicker, momentToPicker } from '../moment-form.ts';
import { tryTexts } from '../texts/tool-try.ts';
import { Unreadable } from '../tool-arguments.ts';
import type { FieldShape } from '../tool-form.ts';
import { LongText } from './long-text.tsx';
import styles from './tool-field.module.css';

type Scalar = Exclude<FieldShape, { kind: 'group' | 'list' }>;

interface ToolScalarProps {
  label: string;
  description: string;
  required: boolean;
  shape: Scalar;
  path: string;
  value: unknown;
  problems: ReadonlyMap<string, Words>;
  onChange: (value: unknown) => void;
}

interface Common {
  label: string;
  required: boolean;
  description: ReactNode;
  error: string | undefined;
}

/** One value: text, a number, yes or no, one of several, a point in time, or JSON. */
export function ToolScalar({ label, description, required, shape, path, value, problems, onChange }: ToolScalarProps) {
  const { t } = useLanguage();
  const problem = problems.get(path);
  const common: Common = {
    label,
    required,
    description: description ? <LongText text={description} /> : undefined,
    error: problem && t(problem),
  };
  switch (shape.kind) {
    case 'text':
      return <TextField common={common} shape={shape} value={value} onChange={onChange} />;
    case 'number':
      return <NumberField common={common} shape={shape} value={value} onChange={onChange} />;
    case 'flag':
      return <ChoiceField common={common} options={[true, false]} value={value} onChange={onChange} />;
    case 'choice':
      return <ChoiceField common={common} options={shape.options} value={value} onChange={onChange} />;
    case 'json':
      return <JsonField common={common} value={value} onChange={onChange} />;
  }
}

interface FieldProps {
  common: Common;
  value: unknown;
  onChange: (value: unknown) => void;
}

function TextField({ common, shape, value, onChange }: FieldProps & { shape: Extract<Scalar, { kind: 'text' }> }) {
  const text = typeof value === 'string' ? value : '';
  if (shape.long) {
    return (
      <Textarea
        {...common}
        autosize
        minRows={2}
        maxRows={12}
        value={text}
        onChange={(change) => onChange(change.currentTarget.value)}
      />
    );
  }
  const input = <TextInput {...common} value={text} onChange={(change) => onChange(change.currentTarget.value)} />;
  if (!shape.moment) return input;
  return (
    <Moment label={common.label} form={shape.moment} value={value} onPick={onChange}>
      {input}
    </Moment>
  );
}

function NumberField({ common, shape, value, onChange }: FieldProps & { shape: Extract<Scalar, { kind: 'number' }> }) {
  const input = (
    <NumberInput
      {...common}
      value={typeof value === 'number' ? value : value instanceof Unreadable ? value.text : ''}
      onChange={(changed) => onChange(numberOf(changed))}
      allowDecimal={!shape.integer}
      {...(shape.min !== null && { min: shape.min })}
      {...(shape.max !== null && { max: shape.max })}
    />
  );
  if (!shape.moment) return input;
  const pick = (picked: string | undefined) => onChange(picked === undefined ? undefined : numberOf(picked));
  return (
    <Moment label={common.label} form={shape.moment} value={value} onPick={pick}>
      {input}
    </Moment>
  );
}

/** A number in the making, such as `-`, and one too long to be exact, stay as they are typed. */
function numberOf(changed: number | string): unknown {
  if (changed === '') return undefined;
  const number = Number(changed);
  const exact = Number.isInteger(number) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return exact ? number : new Unreadable(String(changed));
}

function ChoiceField({ common, options, value, onChange }: FieldProps & { options: (string | number | boolean)[] }) {
  const { t } = useLanguage();
  const name = (option: string | number | boolean) =>
    typeof option === 'boolean' ? t(option ? tryTexts.yes : tryTexts.no) : String(option);
  const chosen = options.findIndex((option) => option === value);
  return (
    <NativeSelect
      {...common}
      value={String(chosen)}
      data={[
        { value: '-1', label: t(tryTexts.notSet) },
        ...options.map((option, index) => ({ value: String(index), label: name(option) })),
      ]}
      onChange={(change) => onChange(options[Number(change.currentTarget.value)])}
    />
  );
}

function JsonField({ common, value, onChange }: FieldProps) {
  const { t } = useLanguage();
  const [text, setText] = useState(() => toJson(value));
  // Text that stands for another value is that of a neighbour that was removed.
  const shown = toJson(fromJson(text)) === toJson(value) ? text : toJson(value);
  return (
    <Textarea
      {...common}
      classNames={{ input: styles.json ?? '' }}
      label={`${common.label} (${t(tryTexts.json)})`}
      autosize
      minRows={2}
      maxRows={16}
      spellCheck={false}
      value={shown}
      onChange={(change) => {
        setText(change.currentTarget.value);
        onChange(fromJson(change.currentTarget.value));
      }}
    />
  );
}

function toJson(value: unknown): string {
  if (value === undefined) return '';
  return value instanceof Unreadable ? value.text : JSON.stringify(value, undefined, 2);
}

function fromJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return new Unreadable(text);
  }
}

interface MomentProps {
  label: string;
  form: MomentForm;
  value: unknown;
  onPick: (picked: string | undefined) => void;
  children: ReactNode;
}

/** Beside a field that holds a point in time, the browser's own way to pick one. */
function Moment({ label, form, value, onPick, children }: MomentProps) {
  const { t } = useLanguage();
  return (
    <div className={styles.moment}>
      {children}
      <TextInput
        type={form === 'day' ? 'date' : 'datetime-local'}
        aria-label={t(form === 'day' ? tryTexts.pickDay(label) : tryTexts.pick(label))}
        value={momentToPicker(form, value)}
        onChange={(change) => onPick(momentFromPicker(form, change.currentTarget.value))}
      />
    </div>
  );
}
