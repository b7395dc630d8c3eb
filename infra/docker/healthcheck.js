// Asks the service of this container whether it is ready; the exit code is the answer. Plain JavaScript: it runs every few seconds and the image has no curl.
'use strict';

const { get: getByHttp } = require('node:http');
const { get: getByHttps } = require('node:https');

const { KKM_HTTP_PORT: port, KKM_HTTP_TLS_CERTIFICATE_FILE: certificate } = process.env;
// The certificate is made out to the name that callers use, not to the loopback address, which nobody but this container can be behind.
const get = certificate ? getByHttps : getByHttp;
const request = get({ host: '127.0.0.1', port, path: '/health/ready', timeout: 2500, rejectUnauthorized: false }, (answer) => {
  answer.resume();
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
});
request.on('timeout', () => request.destroy(new Error('no answer in 2.5 s')));
request.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
