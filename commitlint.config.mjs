import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders whose own folders are scopes: the projects, and the parts of tools, docs, infra and examples. */
const parents = ['apps', 'libs', 'tests', 'tools', 'docs', 'infra', 'examples'];
const foldersIn = (folder) => readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

const parts = parents.map((parent) => join(import.meta.dirname, parent)).filter((folder) => existsSync(folder));
const scopes = [...parents, ...parts.flatMap(foldersIn).map((entry) => entry.name), 'worker', 'ci', 'deps'];

const error = 2;

export default {
  extends: ['@commitlint/config-conventional'],
  rules: {
    'type-enum': [error, 'always', ['feat', 'fix', 'perf', 'refactor', 'test', 'docs', 'build', 'chore']],
    'scope-enum': [error, 'always', scopes],
    'header-max-length': [error, 'always', 72],
    'subject-case': [error, 'never', ['sentence-case', 'start-case', 'pascal-case', 'upper-case']],
    'subject-full-stop': [error, 'never', '.'],
    'body-leading-blank': [error, 'always'],
    'body-max-line-length': [0],
    'footer-max-line-length': [0],
  },
};
