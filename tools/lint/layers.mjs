/**
 * What each layer may import (design: one direction, door → use case → port → adapter).
 * Every row whose tag a project carries must hold, so rows only ever narrow.
 */
export const layers = [
  { sourceTag: 'layer:core', onlyDependOnLibsWithTags: ['layer:core'], allowedExternalImports: [] },
  { sourceTag: 'layer:flow', onlyDependOnLibsWithTags: ['layer:core'], allowedExternalImports: [] },
  { sourceTag: 'layer:contract', onlyDependOnLibsWithTags: ['layer:core'], allowedExternalImports: ['zod'] },
  { sourceTag: 'layer:driver', onlyDependOnLibsWithTags: ['layer:core'], allowedExternalImports: ['zod'] },
  // What is outside speaks for a port of the use cases: it knows their words, and nothing of how services are built.
  { sourceTag: 'layer:bank', onlyDependOnLibsWithTags: ['layer:core', 'layer:flow'], allowedExternalImports: ['zod'] },
  { sourceTag: 'layer:adapter', onlyDependOnLibsWithTags: ['layer:core', 'layer:contract', 'layer:adapter', 'layer:testkit'] },
  { sourceTag: 'layer:testkit', onlyDependOnLibsWithTags: ['layer:testkit', 'layer:core', 'layer:contract', 'layer:adapter'] },
  {
    sourceTag: 'layer:app',
    onlyDependOnLibsWithTags: ['layer:core', 'layer:flow', 'layer:contract', 'layer:driver', 'layer:bank', 'layer:adapter', 'layer:testkit'],
  },
  {
    sourceTag: 'layer:test',
    onlyDependOnLibsWithTags: [
      'layer:core',
      'layer:flow',
      'layer:contract',
      'layer:driver',
      'layer:bank',
      'layer:adapter',
      'layer:testkit',
      'layer:app',
      'layer:tool',
    ],
  },
  { sourceTag: 'layer:tool', onlyDependOnLibsWithTags: ['layer:core', 'layer:contract', 'layer:driver', 'layer:adapter', 'layer:testkit', 'layer:tool'] },
  { sourceTag: 'runtime:any', onlyDependOnLibsWithTags: ['runtime:any'] },
  // The page takes words and decisions of core and types of the contracts; nothing of it runs under Node, nothing of Node runs in it.
  { sourceTag: 'runtime:browser', onlyDependOnLibsWithTags: ['layer:core', 'layer:contract'] },
];

/** The same for code that runs only under test: the layers hold, but a spec may use the packages of development (fast-check, a second CRC). */
export const layersUnderTest = layers.map((row) => {
  const { allowedExternalImports: _any, ...rest } = row;
  return rest;
});

/** The layers that are given clock, timers, randomness and I/O as arguments. */
export const pureFiles = ['core', 'wire', 'flow', 'contracts', 'drivers'].map((library) => `libs/${library}/**/*.ts`);

/** Globals that would let a pure layer reach the machine. */
export const impureGlobals = [
  'process',
  'Buffer',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'queueMicrotask',
  'fetch',
  'console',
  'crypto',
  'performance',
  'require',
  'module',
  'global',
  'globalThis',
  '__dirname',
  '__filename',
];

const asArgument = (what) => `The pure layers take ${what} as an argument.`;

/** Syntax by which a pure layer would read clock or randomness, or load code behind the rules' back. */
export const impureSyntax = [
  { selector: ":matches(NewExpression, CallExpression)[callee.name='Date'][arguments.length=0]", message: asArgument('the time') },
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: asArgument('the time') },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: asArgument('randomness') },
  { selector: "TSQualifiedName[left.name='NodeJS']", message: 'The pure layers do not know Node.' },
  { selector: 'ImportExpression', message: 'The pure layers import nothing at run time.' },
];
