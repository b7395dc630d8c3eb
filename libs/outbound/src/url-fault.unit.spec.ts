import { urlFault } from './url-fault';

const fault = (url: string, privateAllowed: boolean, queryAllowed = false) => urlFault(url, { privateAllowed, queryAllowed });

describe('an address that somebody set', () => {
  it.each([
    'https://e-commerce.raiffeisen.ru/api',
    'https://securepay.tinkoff.ru',
    'https://8.8.8.8:8443/sbp',
    'https://[2a00:1450:4010:c0a::65]/',
    'https://[::ffff:8.8.8.8]',
    'https://172.32.0.1',
    'https://bank.localhost.example',
  ])('takes %s', (url) => {
    expect(fault(url, false)).toBeNull();
  });

  it.each([
    'https://localhost/api',
    'https://localhost./api',
    'http://127.0.0.1:8083/raiffeisen',
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://10.0.0.1',
    'https://172.31.255.1',
    'https://192.168.1.1',
    'https://169.254.169.254/latest',
    'https://100.64.0.1',
    'https://0.0.0.0',
    'https://[::1]',
    'https://[::]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:10.0.0.1]',
    'https://[::127.0.0.1]',
    'https://[64:ff9b::a00:1]',
    'https://[ff02::1]',
    'https://255.255.255.255',
    'https://[fd12:3456::1]',
    'https://[fe80::1]',
    'https://[fec0::1]',
    'https://[2002:7f00:1::]',
    'https://[2001::1]',
    'https://[64:ff9b:1::1]',
    'https://[::ffff:0:10.0.0.1]',
    'https://[fd00:ec2::254]/latest/meta-data',
    'https://168.63.129.16/metadata',
    'https://100.100.100.200',
    'https://198.51.100.7',
    'https://240.0.0.1',
    'http://virtual-terminal:8080/raiffeisen',
    'https://bank.internal',
    'https://bank.home.arpa',
  ])('takes %s only where private addresses are allowed', (url) => {
    expect(fault(url, false)).toBe('must be a public host');
    expect(fault(url, true)).toBeNull();
  });

  it.each([false, true])('refuses an unencrypted way through the internet (private addresses allowed: %s)', (privateAllowed) => {
    expect(fault('http://e-commerce.raiffeisen.ru/api', privateAllowed)).toBe('must be an https:// URL');
  });

  it('refuses what would carry more than an address', () => {
    expect(fault('https://user:word@bank.example/', false)).toBe('must not hold credentials');
    expect(fault('https://bank.example/?key=1', false)).toBe('must not have a query or a fragment');
    expect(fault('https://bank.example/#a', false)).toBe('must not have a query or a fragment');
    expect(fault('https://hooks.example/?key=1', false, true)).toBeNull();
    expect(fault('https://hooks.example/?key=1#a', false, true)).toBe('must not have a fragment');
  });
});
