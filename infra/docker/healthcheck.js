// Asks the service of this container whether it is ready; the exit code is the answer. Plain JavaScript: it runs every few seconds and the image has no curl.
'use strict';

const { get } = require('node:http');

const request = get({ host: '127.0.0.1', port: process.env.KKM_HTTP_PORT, path: '/health/ready', timeout: 2500 }, (answer) => {
  answer.resume();
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
});
request.on('timeout', () => request.destroy(new Error('no answer in 2.5 s')));
request.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
