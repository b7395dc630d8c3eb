import fc from 'fast-check';
import { EventStreamReader } from './event-stream';

const stream = 'retry: 1000\n: open\n\nevent: progress\ndata: {"step":"on_terminal"}\n\n: still here\n\nevent: payment\nid: c1\ndata: {"id":"pay_1"}\n\n';
const events = [
  { name: 'progress', data: '{"step":"on_terminal"}' },
  { name: 'payment', data: '{"id":"pay_1"}' },
];

describe('the reader of an event stream', () => {
  it('leaves out comments and reads the same however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const reader = new EventStreamReader();
        const places = [0, ...cuts.sort((a, b) => a - b), stream.length];
        expect(places.slice(1).flatMap((end, index) => reader.take(stream.slice(places[index], end)))).toEqual(events);
      }),
    );
  });
});
