import { Anchor, Code, Table, Typography } from '@mantine/core';
import Markdown from 'markdown-to-jsx/react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { linkedPage } from './instruction-section';

/** Text of the repository's own documents as markup. HTML in it stays text; links lead to other instructions or, elsewhere, into a new tab. */
export function MarkdownText({ text }: { readonly text: string }) {
  return (
    <Typography className="kkm-wrap">
      <Markdown options={{ disableParsingRawHTML: true, overrides: { a: InstructionLink, table: ScrollingTable, code: Code } }}>{text}</Markdown>
    </Typography>
  );
}

function InstructionLink({ href = '', children }: { readonly href?: string; readonly children?: ReactNode }) {
  const page = linkedPage(href);
  if (page !== null) {
    return (
      <Anchor component={Link} underline="always" to={`/equipment/instructions/${page}`}>
        {children}
      </Anchor>
    );
  }
  if (!/^https?:\/\//.test(href)) return <>{children}</>;
  return (
    <Anchor href={href} underline="always" target="_blank" rel="noopener noreferrer">
      {children}
    </Anchor>
  );
}

function ScrollingTable({ children }: { readonly children?: ReactNode }) {
  return (
    <Table.ScrollContainer minWidth={320}>
      <Table>{children}</Table>
    </Table.ScrollContainer>
  );
}
