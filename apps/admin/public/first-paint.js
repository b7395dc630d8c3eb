// Runs before anything is painted: language and colour scheme are those the person chose, else those of the browser. A file of its own because the
// Content-Security-Policy lets no inline script run. The keys are those of src/settings.ts.
(function () {
  var root = document.documentElement;
  var kept = function (key) {
    try {
      return localStorage.getItem(key);
    } catch (_error) {
      return null;
    }
  };
  var scheme = kept('kkm.scheme');
  if (scheme !== 'light' && scheme !== 'dark') scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  root.setAttribute('data-mantine-color-scheme', scheme);
  root.style.colorScheme = scheme;
  var language = kept('kkm.language');
  if (language !== 'en' && language !== 'ru') language = /^(ru|be|kk|uk)\b/i.test(navigator.language) ? 'ru' : 'en';
  root.lang = language;
})();
