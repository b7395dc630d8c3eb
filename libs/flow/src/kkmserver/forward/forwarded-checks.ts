import type { RegisterName } from '../virtual/virtual-books';

/** What is remembered of a command before it first goes to a register elsewhere. */
export interface BegunCommand {
  /** Whether nobody began it before. */
  readonly first: boolean;
  readonly begunAtMs: number;
  /** The register's last document then; null when it did not say. */
  readonly numberBefore: number | null;
  /** The document that it made, once that is known. */
  readonly number: number | null;
}

/** Which commands went to registers elsewhere, so that one whose answer was lost is asked about and not just sent again. */
export interface ForwardedChecks {
  /** Notes a command before it is sent; once noted it is never changed. */
  begin(register: RegisterName, key: string, numberBefore: number | null): Promise<BegunCommand>;
  /** Whether a command was noted. */
  isBegun(register: RegisterName, key: string): Promise<boolean>;
  /** Notes the document that a command made; false when it is another command's. */
  made(register: RegisterName, key: string, number: number): Promise<boolean>;
  /** Documents after this one that are known to be some command's. */
  claimed(register: RegisterName, after: number): Promise<readonly number[]>;
}
