import { basename } from 'node:path';

/** Words that say nothing; whoever needs one has two things in one place. */
const empty = ['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'managers', 'dto', 'dtos', 'impl', 'misc'];

/** A terminal is a terminal. The glossary has one word per idea. */
const foreign = ['device', 'devices', 'pinpad', 'pos'];

/** What the last suffix of a file name may be. Each is one that a tool or a layer rule acts on. */
const suffixes = ['module', 'controller', 'consumer', 'filter', 'guard', 'config', 'contract', 'row'];

/** Kinds of test; see jest.config.ts. */
const kinds = ['unit', 'int', 'sim', 'model', 'e2e', 'browser', 'crash', 'compose', 'arch'];

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** `terminalQueueName` → terminal, queue, name. */
function words(name) {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase());
}

/** KkmServer's own name for the number of a register or terminal at its door. */
const borrowed = ['numDevice'];

/** The banned word in a name, or null. A *service* is a running process of KKM; nothing else, above all no class, ends in the word. */
function bannedIn(name, thing = 'type') {
  if (borrowed.includes(name)) return null;
  const all = words(name);
  if (thing === 'type' && all.at(-1) === 'service') return 'service';
  return all.find((word) => foreign.includes(word) || empty.includes(word)) ?? null;
}

/** Why a file name will not do, or null. */
function faultOfFile(file) {
  const [stem, ...parts] = basename(file)
    .replace(/\.tsx?$/, '')
    .split('.');
  if (!kebab.test(stem)) return `"${stem}" is not kebab-case.`;
  if (bannedIn(stem)) return `"${bannedIn(stem)}" says nothing or is another word for something that has one (docs/GLOSSARY.md).`;
  const spec = parts.at(-1) === 'spec';
  if (spec && !kinds.includes(parts.at(-2))) return `A test is one of .${kinds.join('|')}.spec.ts.`;
  const rest = spec ? parts.slice(0, -2) : parts;
  const odd = rest.find((part) => !suffixes.includes(part) && part !== 'd');
  return odd ? `".${odd}" is not a suffix that a tool acts on.` : null;
}

/** File names: kebab-case, known suffixes, no empty words. */
export const fileName = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    Program(node) {
      const fault = faultOfFile(context.filename);
      if (fault) context.report({ loc: { line: 1, column: 0 }, node, message: fault });
    },
  }),
};

/** Names of what a file declares at its top: no empty words, no `I` prefix. */
export const declaredNames = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const look = (id, thing) => {
      if (!id?.name) return;
      const word = bannedIn(id.name, thing);
      if (word) context.report({ node: id, message: `"${id.name}": "${word}" says nothing or has another word in docs/GLOSSARY.md.` });
    };
    const top = ':matches(Program, Program > ExportNamedDeclaration)';
    return {
      [`${top} > :matches(ClassDeclaration, TSInterfaceDeclaration, TSTypeAliasDeclaration)`]: (node) => look(node.id, 'type'),
      [`${top} > FunctionDeclaration`]: (node) => look(node.id, 'function'),
      [`${top} > VariableDeclaration > VariableDeclarator`]: (node) => look(node.id, 'value'),
      'TSInterfaceDeclaration[id.name=/^I[A-Z][a-z]/]': (node) => context.report({ node: node.id, message: 'An interface has no I prefix.' }),
    };
  },
};
