import { Anchor, Code, Table, Typography } from '@mantine/core';
import Markdown from 'markdown-to-jsx/react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { linkedPage } from './instruction-section';

/** Text of the repository's own documents as markup. HTML in it stays text; links lead to other instructions or, elsewhere, into a new tab. */
export function MarkdownText({ text }: { readonly text: string }) {
  return (
    <Typography className="kkm-wrap kkm-prose">
      <Markdown options={{ disableParsingRawHTML: true, overrides: { a: InstructionLink, table: ScrollingTable, code: Code } }}>{text}</Markdown>
    </Typography>
  );
}

function InstructionLink({ href = '', children }: { readonly href?: string; readonly children?: ReactNode }) {
  const page = linkedPage(href);
  if (page !== null) {
    return (
      <Anchor component={Link} to={`/equipment/instructions/${page}`}>
        {children}
      </Anchor>
    );
  }
  if (!/^https?:\/\//.test(href)) return <>{children}</>;
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </Anchor>
  );
}

function ScrollingTable({ children }: { readonly children?: ReactNode }) {
  const { t } = useTranslation('walk');
  return (
    <Table.ScrollContainer minWidth={320} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('table') } }}>
      <Table>{children}</Table>
    </Table.ScrollContainer>
  );
}
