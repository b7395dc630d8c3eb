import { readTerminalList } from './terminal-list';

describe('readTerminalList', () => {
  it('reads ids with ports', () => {
    expect(readTerminalList('pax-1:5201, pax-2:5202')).toEqual([
      { id: 'pax-1', place: { kind: 'tcp', port: 5201 } },
      { id: 'pax-2', place: { kind: 'tcp', port: 5202 } },
    ]);
  });

  it('reads consecutive ids and ports', () => {
    const list = readTerminalList('pax-1..64:5201');
    expect(list).toHaveLength(64);
    expect(typeof list === 'string' ? list : [list[0], list[63]]).toEqual([
      { id: 'pax-1', place: { kind: 'tcp', port: 5201 } },
      { id: 'pax-64', place: { kind: 'tcp', port: 5264 } },
    ]);
    expect(readTerminalList('t.7..8:0')).toEqual([
      { id: 't.7', place: { kind: 'tcp', port: 0 } },
      { id: 't.8', place: { kind: 'tcp', port: 0 } },
    ]);
  });

  it('reads cables among ports', () => {
    expect(readTerminalList('pax-1:0,usb-1:/dev/shm/kkm-7/usb-1')).toEqual([
      { id: 'pax-1', place: { kind: 'tcp', port: 0 } },
      { id: 'usb-1', place: { kind: 'serial', path: '/dev/shm/kkm-7/usb-1' } },
    ]);
  });

  it.each([
    ['', 'is not id:port'],
    ['pax-1', 'is not id:port'],
    ['pax 1:5201', 'is not id:port'],
    ['pax..4:5201', 'is not id:port'],
    ['pax-9..4:5201', 'names no or too many'],
    ['pax-1..5000:5201', 'names no or too many'],
    ['pax-1..64:65500', 'beyond port 65535'],
    ['pax-1:5201,pax-1:5202', 'every id only once'],
    ['pax-1:5201,pax-2:5201', 'every port only once'],
    ['usb-1:/dev/shm/a,usb-2:/dev/shm/a', 'every port only once'],
    ['usb-1:/tmp/a', 'is not id:/dev/shm/name'],
    ['usb-1:/dev/shm/../sda', 'is not id:/dev/shm/name'],
    ['usb 1:/dev/shm/a', 'is not id:/dev/shm/name'],
    [Array.from({ length: 33 }, (_, at) => `usb-${at}:/dev/shm/${at}`).join(','), 'at most 32 cables'],
    ['a1..900:1000,b1..900:3000', 'at most 1000'],
  ])('says what is wrong with "%s"', (text, words) => {
    expect(readTerminalList(text)).toContain(words);
  });
});
