export { scenarios } from './kit/conformance';
export type { ConformanceSubject } from './kit/conformance-lab';
export type { LabWire, TerminalEnd } from './kit/conformance-wire';
export { inpasSubject } from './inpas-sa/testing/subject';
