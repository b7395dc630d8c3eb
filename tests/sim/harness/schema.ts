import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSchemaRules } from '@kkm/flow/testing';

const folder = join(__dirname, '../../../apps/ledger/src/postgres/migrations');

/** The text of the ledger's migrations in the order they are applied. */
export const migrationsText = readdirSync(folder)
  .filter((file) => /^\d{4}-/.test(file))
  .sort()
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n');

/** What the real database refuses; a rule dropped in the migrations is dropped here. */
export const schemaRules = readSchemaRules(migrationsText);
