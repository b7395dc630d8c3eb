import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { asyncApiDocument, exchangeTable, openApiDocument, queueTable } from '@kkm/contracts';

/** The validator is an ES module, which Jest cannot load; Node can. */
const validate = `
  import { Validator } from '@seriousme/openapi-schema-validator';
  let text = '';
  for await (const part of process.stdin) text += part;
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(text));
  process.stdout.write(JSON.stringify({ valid, errors, version: validator.version }));`;

describe('the documents', () => {
  it('are a valid OpenAPI 3.1 document', () => {
    const answer = execFileSync(process.execPath, ['--input-type=module', '-e', validate], {
      input: JSON.stringify(openApiDocument('1.0.0')),
      encoding: 'utf8',
      cwd: process.cwd(),
    });
    expect(JSON.parse(answer)).toEqual({ valid: true, version: '3.1' });
  });

  it('are a valid AsyncAPI 3.0 document', () => {
    const schema = JSON.parse(readFileSync(resolve('node_modules/@asyncapi/specs/schemas/3.0.0.json'), 'utf8')) as object;
    const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false }); // The schema brings draft 07 along.
    addFormats(ajv);
    const valid = ajv.validate(schema, asyncApiDocument('1.0.0'));
    expect({ valid, errors: (ajv.errors ?? []).slice(0, 10) }).toEqual({ valid: true, errors: [] });
  });

  it('name every exchange and every queue of the topology', () => {
    const text = JSON.stringify(asyncApiDocument('1.0.0'));
    for (const { name } of [...exchangeTable, ...queueTable]) expect(text).toContain(`"${name}"`);
  });
});
