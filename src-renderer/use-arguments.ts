import { useMemo, useState } from 'react';
import type { Words } from '../src-main/contract/words.ts';
import { tryTexts } from './texts/tool-try.ts';
import { argumentsOf, type FieldProblem, problemsOf } from './tool-arguments.ts';
import { type Field, fieldsOf, isRecord } from './tool-form.ts';

type Values = Record<string, unknown>;

export interface ArgumentsForm {
  fields: Field[];
  mode: 'form' | 'json';
  /** Takes over what was filled in. Stays where it is while the JSON cannot be read. */
  setMode: (mode: 'form' | 'json') => void;
  values: Values;
  setValues: (values: Values) => void;
  json: string;
  setJson: (text: string) => void;
  jsonProblem: Words | null;
  /** What is wrong in the form, once somebody tried to send it. */
  problems: FieldProblem[];
  /** What is to be sent; null while something is wrong, which is then shown. */
  collect: () => Values | null;
}

/** A tool's arguments while they are filled in: by a form, or as JSON. */
export function useArguments(schema: Record<string, unknown>): ArgumentsForm {
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const [mode, setMode] = useState<'form' | 'json'>('form');
  const [values, setValues] = useState<Values>({});
  const [json, setJson] = useState('');
  const [jsonProblem, setJsonProblem] = useState<Words | null>(null);
  const [tried, setTried] = useState(false);
  const problems = problemsOf(fields, values);
  const readJson = (): Values | null => {
    const { value, problem } = parseObject(json);
    setJsonProblem(problem);
    return value;
  };
  return {
    fields,
    mode,
    setMode: (wanted) => {
      if (wanted === mode) return;
      if (wanted === 'json') setJson(JSON.stringify(argumentsOf(fields, values), undefined, 2));
      else {
        const read = readJson();
        if (!read) return;
        setValues(read);
      }
      setTried(false);
      setMode(wanted);
    },
    values,
    setValues,
    json,
    setJson: (text) => {
      setJsonProblem(null);
      setJson(text);
    },
    jsonProblem,
    problems: tried && mode === 'form' ? problems : [],
    collect: () => {
      if (mode === 'json') return readJson();
      setTried(true);
      return problems.length > 0 ? null : argumentsOf(fields, values);
    },
  };
}

function parseObject(text: string): { value: Values | null; problem: Words | null } {
  try {
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text);
    return isRecord(value) ? { value, problem: null } : { value: null, problem: tryTexts.notAnObject };
  } catch {
    return { value: null, problem: tryTexts.notJson };
  }
}
