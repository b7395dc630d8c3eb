import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { JsonSchema } from '@kkm/contracts';
import { methodsOf } from '../http/route-index';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>>;
}

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

/** Checks answers against the OpenAPI document: status, content type and body must be what it says. */
export class ContractChecker {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(private readonly document: JsonSchema) {
    addFormats(this.ajv);
    this.ajv.addSchema({ ...document, $id: 'kkm' }, 'kkm');
  }

  /** Throws where the answer is not what the document says. Paths that the document does not have must be problems. */
  check(answer: WireAnswer): void {
    const where = `${answer.method} ${answer.path} → ${answer.status}`;
    const operation = this.operationOf(answer.method, answer.path);
    const schema = operation ? this.schemaOf(operation, answer, where) : '#/components/schemas/Problem';
    if (schema === null) return;
    const ok = this.ajv.validate({ $ref: `kkm${schema}` }, answer.body);
    if (!ok) throw new Error(`${where} is not what the document says: ${this.ajv.errorsText()} in ${JSON.stringify(answer.body)}`);
  }

  private operationOf(method: string, path: string): Operation | null {
    const [bare = ''] = path.split('?');
    if (!methodsOf(path).includes(method)) return null;
    const paths = this.document['paths'] as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    const found = Object.keys(paths)
      .filter((template) => new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(bare))
      .sort((a, b) => a.split('{').length - b.split('{').length);
    return found.map((template) => paths[template]?.[method.toLowerCase()]).find((operation) => operation !== undefined) ?? null;
  }

  private schemaOf(operation: Operation, answer: WireAnswer, where: string): string | null {
    const response = operation.responses[String(answer.status)];
    if (!response) throw new Error(`${where} has a status that the document does not know: ${JSON.stringify(answer.body)}`);
    const [type = ''] = answer.contentType.split(';');
    if (!response.content) {
      if (answer.body !== '') throw new Error(`${where} has a body, and the document knows none`);
      return null;
    }
    const content = response.content[type];
    if (!content) throw new Error(`${where} has content type ${type}, which the document does not know`);
    const { $ref } = content.schema as { readonly $ref?: string };
    return $ref ?? null;
  }
}
