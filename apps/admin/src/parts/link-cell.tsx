import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

/** A cell of a list that leads to the row's own page. */
export function LinkCell({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  return (
    <Anchor component={Link} to={to} size="sm" className="kkm-wrap">
      {children}
    </Anchor>
  );
}
