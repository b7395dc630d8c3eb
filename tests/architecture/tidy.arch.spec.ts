import { join } from 'node:path';
import { exists, filesOf, jsonOf, textOf } from './checkout';
import { deadLinks } from './links';

interface Manifest {
  readonly license?: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

interface LockedPackage {
  readonly version: string;
  readonly license?: string | { readonly type: string };
  readonly licenses?: readonly { readonly type: string }[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optional?: boolean;
}

const manifest = jsonOf<Manifest>('package.json');
const { packages } = jsonOf<{ packages: Record<string, LockedPackage> }>('package-lock.json');

/** Licences that let KKM be run and shipped without conditions on its own code. */
const licences = new Set([
  ...['MIT', 'MIT-0', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'CC-BY-4.0', 'Python-2.0'],
  ...['PostgreSQL', 'WTFPL', 'CC-BY-3.0', 'Zlib'],
  // Its conditions end at its own files: lightningcss, which Vite compresses styles with, and axe-core, which tests the pages; neither ships with anything.
  'MPL-2.0',
]);

/** Whether a licence expression can be met with the list: all of "AND", any of "OR". */
function isAllowed(expression: string): boolean {
  const plain = expression.replace(/[()]/g, '');
  return plain.split(/ OR /i).some((choice) => choice.split(/ AND /i).every((licence) => licences.has(licence.trim())));
}

/** What the lock says, or the package itself; old packages have a list. */
function licenceOf(folder: string, locked: LockedPackage): string {
  const own = join(folder, 'package.json');
  const { license, licenses } = locked.license || !exists(own) ? locked : jsonOf<LockedPackage>(own);
  const stated = license ?? licenses?.[0];
  return typeof stated === 'string' ? stated : (stated?.type ?? 'none');
}

describe('the packages', () => {
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };

  it.each(Object.entries({ ...wanted, ...manifest.overrides }))('%s is pinned to one version', (_name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  it('are locked as they are wanted', () => {
    expect(packages['']).toMatchObject({ dependencies: manifest.dependencies, devDependencies: manifest.devDependencies });
    for (const [name, version] of Object.entries(wanted)) expect([name, packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
  });

  it('have licences of the allow list', () => {
    const others = Object.entries(packages)
      .filter(([folder]) => folder !== '')
      .map(([folder, locked]) => `${folder.replace(/^.*node_modules\//, '')}: ${licenceOf(folder, locked)}`)
      .filter((line) => !isAllowed(line.replace(/^[^:]+: /, '')));
    expect([...new Set(others)]).toEqual([]);
  });
});

describe('the configuration', () => {
  const aliases = jsonOf<{ compilerOptions: { paths: Record<string, readonly string[]> } }>('tsconfig.base.json').compilerOptions.paths;

  it('gives the compiler and the builder the same aliases', () => {
    expect(jsonOf<{ jsc: { paths: unknown } }>('.swcrc').jsc.paths).toEqual(aliases);
  });

  it('has an alias for nothing that is missing', () => {
    expect(
      Object.values(aliases)
        .flat()
        .filter((file) => !exists(file)),
    ).toEqual([]);
  });

  it('wraps lines where the editor does', () => {
    expect(textOf('.editorconfig')).toContain(`max_line_length = ${jsonOf<{ printWidth: number }>('.prettierrc').printWidth}`);
  });

  it('knows every folder of apps and libs as a project with a layer and a runtime', () => {
    const projects = filesOf('project.json').filter((file) => /^(apps|libs)\//.test(file));
    const folders = new Set(
      filesOf('.ts')
        .filter((file) => /^(apps|libs)\//.test(file))
        .map((file) => file.split('/').slice(0, 2).join('/')),
    );
    expect(projects.map((file) => file.replace('/project.json', '')).sort()).toEqual([...folders].sort());
    for (const file of projects) expect(jsonOf<{ tags: string[] }>(file).tags).toEqual([expect.stringMatching(/^layer:/), expect.stringMatching(/^runtime:/)]);
  });
});

describe('the sources', () => {
  it('know Nest only in the files that are its own', () => {
    const edge = /(main|\.(module|controller|consumer|filter|guard)|\.spec)\.ts$|\/testing\/|^libs\/messaging\/src\/amqp-strategy\.ts$/;
    const elsewhere = filesOf('.ts').filter((file) => !edge.test(file) && /from '@nestjs\//.test(textOf(file)));
    expect(elsewhere).toEqual([]);
  });
});

describe('the documents', () => {
  it.each(filesOf('.md'))('%s has no dead link', (file) => {
    expect(deadLinks(file)).toEqual([]);
  });

  it('name only npm scripts that exist', () => {
    const named = filesOf('.md').flatMap((file) => [...textOf(file).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map((match) => match[1] ?? ''));
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });
});
