import { Badge } from '@mantine/core';
import { useState } from 'react';
import { useLanguage } from '../language.tsx';
import { type SchemaNode, schemaNodes } from '../schema-tree.ts';
import { toolTexts } from '../texts/tools.ts';
import { tryTexts } from '../texts/tool-try.ts';
import { LongText } from './long-text.tsx';
import styles from './tool-schema.module.css';

interface ToolSchemaProps {
  schema: Record<string, unknown>;
}

/** A schema as a tree of fields with their words; deeper ones open on demand. */
export function ToolSchema({ schema }: ToolSchemaProps) {
  const { t } = useLanguage();
  const nodes = schemaNodes(schema);
  if (nodes.length === 0) return <p className={styles.none}>{t(toolTexts.noInput)}</p>;
  return <Nodes nodes={nodes} depth={0} />;
}

function Nodes({ nodes, depth }: { nodes: SchemaNode[]; depth: number }) {
  return (
    <ul className={styles.nodes} data-depth={depth}>
      {nodes.map((node) => (
        <li key={node.name}>
          <Node node={node} depth={depth} />
        </li>
      ))}
    </ul>
  );
}

function Node({ node, depth }: { node: SchemaNode; depth: number }) {
  const { t } = useLanguage();
  return (
    <>
      <div className={styles.line}>
        <span className={styles.name}>{node.name}</span>
        <span className={styles.dim}>{t(node.type)}</span>
        {node.required && (
          <Badge size="sm" variant="light" color="blue">
            {t(tryTexts.isRequired)}
          </Badge>
        )}
        {node.rules.length > 0 && <span className={styles.dim}>{node.rules.join(' · ')}</span>}
      </div>
      {node.description && <LongText text={node.description} />}
      {node.options.length > 0 && (
        <div className={styles.options}>
          <span className={styles.dim}>{t(toolTexts.oneOf)}</span>
          {node.options.map((option) => (
            <span key={option} className={styles.option}>
              {option}
            </span>
          ))}
        </div>
      )}
      {node.schema && <Inside node={node} schema={node.schema} depth={depth + 1} />}
    </>
  );
}

interface InsideProps extends ToolSchemaProps {
  node: SchemaNode;
  depth: number;
}

/** The two outermost levels are open at once: most tools keep everything in `params` and `data`. */
function Inside({ node, schema, depth }: InsideProps) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(depth < 2);
  return (
    <details className={styles.inside} open={open} onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
      <summary>
        {t(toolTexts.fields(node.fields))} <span className={styles.dim}>{node.name}</span>
      </summary>
      {open && <Nodes nodes={schemaNodes(schema)} depth={depth} />}
    </details>
  );
}
