import { routes } from '@kkm/contracts';
import type { Route } from '@kkm/contracts';

const byPattern = new Map(routes.map((route) => [`${route.method} ${route.path.replace(/\{(\w+)\}/g, ':$1')}`, route]));
const matchers = routes.map((route) => ({ method: route.method, pattern: new RegExp(`^${route.path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`) }));

/** The route of the table that Fastify chose; HEAD is read as GET. */
export function routeOf(method: string, pattern: string | undefined): Route | null {
  return byPattern.get(`${method === 'HEAD' ? 'GET' : method} ${pattern ?? ''}`) ?? null;
}

/** The methods that the table knows for a path; empty when it knows none. */
export function methodsOf(url: string): readonly string[] {
  const [path = ''] = url.split('?');
  return [...new Set(matchers.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
}
