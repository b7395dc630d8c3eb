/**
 * `KkmServer.Execute(callback, data, failed)`, as pages know it from the browser extension, over the door that the script was loaded from.
 * A page names login and password, where it needs them, in `KkmServer.login` and `KkmServer.password` before its first command.
 */
export const shimScript = `(function () {
  'use strict';
  var door = new URL('/Execute', document.currentScript.src).href;
  var kkm = { login: '', password: '' };
  function basic() {
    var bytes = new TextEncoder().encode(kkm.login + ':' + kkm.password);
    return 'Basic ' + btoa(String.fromCharCode.apply(null, bytes));
  }
  kkm.Execute = function (callback, data, failed) {
    var headers = { 'Content-Type': 'application/json; charset=UTF-8' };
    if (kkm.login !== '') headers.Authorization = basic();
    var sent = fetch(door, { method: 'POST', mode: 'cors', referrerPolicy: 'no-referrer', headers: headers, body: JSON.stringify(data) });
    sent.then(function (answer) { return answer.json(); }).then(callback, failed || function (error) { console.error(error); });
  };
  window.KkmServer = kkm;
})();
`;

/** What a person sees who opens the door's address. */
export const shimPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>KKM</title>
<h1>KKM</h1>
<p>Commands in the manner of KkmServer are posted to <code>/Execute</code>. Pages that used its browser extension load <code>/kkmserver.js</code> from here instead.</p>
</html>
`;
