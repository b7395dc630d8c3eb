/** The tool that refuses, and its rule. */
export type Refusal = `eslint ${string}` | `depcruise ${string}` | `knip ${string}`;

/** A file that must not pass the gates. */
export interface Violation {
  /** Completes "refuses …". */
  readonly what: string;
  readonly file: string;
  readonly text: string;
  /** Other files that the fault needs; they are not faulty themselves. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly refusedBy: Refusal;
}

/** A module that takes one name from another and gives it on, so that nothing but the import itself is wrong. */
export function importing(names: string, from: string): string {
  return `import { ${names} } from '${from}';\n\n/** Uses what it should not know. */\nexport const taken = ${names};\n`;
}

/** The same for a type. */
export function importingType(name: string, from: string): string {
  return `import type { ${name} } from '${from}';\n\n/** Names what it should not know. */\nexport type Taken = ${name};\n`;
}

/** A module with one documented function of this body. */
export function doing(body: string): string {
  return `/** Does what it should not. */\nexport function act(): unknown {\n  ${body}\n}\n`;
}
