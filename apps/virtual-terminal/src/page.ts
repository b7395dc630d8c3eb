/** A person's view of the terminals: every screen, and the keys a guest would use. Self-contained; all texts are set as text, never as markup. */
export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Virtual terminals</title>
<style>
  body { font: 15px system-ui, sans-serif; margin: 1.5rem; background: #eef1f4; color: #1b232b; }
  main { display: flex; flex-wrap: wrap; gap: 1rem; }
  article { background: #2b333b; color: #fff; border-radius: 14px; padding: 1rem; width: 17rem; }
  h2 { font-size: .9rem; margin: 0 0 .5rem; font-weight: 500; display: flex; justify-content: space-between; }
  pre { background: #d9e8d0; color: #14210d; border-radius: 6px; padding: .75rem; min-height: 6rem; margin: 0 0 .75rem; white-space: pre-wrap; overflow-wrap: anywhere; text-align: center; font: 1rem ui-monospace, monospace; }
  article[data-state=approved] pre { background: #9fe08a; } article[data-state=refused] pre { background: #f0b0a4; } article[data-state=off] pre { background: #11161b; }
  img { display: block; width: 100%; box-sizing: border-box; background: #fff; border-radius: 6px; margin: 0 0 .75rem; image-rendering: pixelated; } img[hidden] { display: none; }
  .keys { display: grid; grid-template-columns: 1fr 1fr; gap: .4rem; }
  button, select { font: inherit; padding: .45rem; border: 0; border-radius: 6px; } select { grid-column: 1 / -1; }
  button { background: #4d6a86; color: #fff; cursor: pointer; } button.cancel { background: #b3402e; } button:disabled { opacity: .35; cursor: default; }
  button:focus-visible, select:focus-visible { outline: 3px solid #ffc947; }
</style>
</head>
<body>
<h1>Virtual terminals</h1>
<p id="note" role="status"></p>
<main id="terminals"></main>
<script>
const cards = ['ok', 'insufficient_funds', 'expired', 'blocked', 'wrong_pin', 'do_not_honour', 'limit_exceeded', 'unreadable'];
const keys = [['tap', 'Tap card'], ['insert', 'Insert card'], ['scan', 'Scan QR'], ['walk_away', 'Walk away'], ['cancel', 'Cancel']];
const possible = { card: ['tap', 'insert', 'walk_away', 'cancel'], qr: ['scan', 'walk_away', 'cancel'] };
const note = document.getElementById('note'), main = document.getElementById('terminals'), shown = new Map();
const element = (name, text) => { const made = document.createElement(name); if (text) made.textContent = text; return made; };
async function act(id, action, card) {
  const response = await fetch('/terminals/' + encodeURIComponent(id) + '/customer', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ action, card }) });
  const answer = await response.json();
  note.textContent = response.ok ? '' : (answer.detail || answer.title);
  if (response.ok) show(answer);
}
function make(id) {
  const article = element('article'), title = element('h2', id), link = element('span'), screen = element('pre'), picture = element('img'), row = element('div'), select = element('select');
  screen.setAttribute('aria-label', 'Screen of ' + id); select.setAttribute('aria-label', 'Card'); picture.hidden = true; picture.alt = 'QR code on ' + id;
  for (const card of cards) { const option = element('option', card); option.value = card; select.append(option); }
  row.className = 'keys'; row.append(select);
  const buttons = keys.map(([action, text]) => { const button = element('button', text); button.className = action; button.onclick = () => act(id, action, select.value); row.append(button); return [action, button]; });
  title.append(link); article.append(title, screen, picture, row); main.append(article);
  return { article, link, screen, picture, buttons, qr: null };
}
function show(terminal) {
  if (!shown.has(terminal.id)) shown.set(terminal.id, make(terminal.id));
  const view = shown.get(terminal.id), { state, lines, qr } = terminal.screen;
  view.article.dataset.state = state; view.link.textContent = terminal.connected ? 'connected' : 'no register';
  view.screen.textContent = lines.concat(qr ? [qr] : []).join('\\n');
  if (view.qr !== qr) { view.qr = qr; view.picture.hidden = !qr; if (qr) view.picture.src = '/terminals/' + encodeURIComponent(terminal.id) + '/qr.png?' + Date.now(); }
  for (const [action, button] of view.buttons) button.disabled = !(possible[state] || []).includes(action);
}
async function refresh() {
  try { for (const terminal of (await (await fetch('/terminals')).json()).terminals) show(terminal); if (note.textContent === 'No answer.') note.textContent = ''; }
  catch { note.textContent = 'No answer.'; }
  setTimeout(refresh, shown.size > 20 ? 2000 : 400);
}
refresh();
</script>
</body>
</html>
`;
