// Filtering by text and verdict. Without this script only the filter is missing.
(() => {
  'use strict';
  const form = document.getElementById('filter');
  const text = document.getElementById('filter-text');
  const count = document.getElementById('filter-count');
  const boxes = [...form.querySelectorAll('input[name=verdict]')];
  const items = [...document.querySelectorAll('.item')].map((element) => (
      {element, haystack: element.textContent.toLowerCase(), verdict: element.dataset.verdict}));

  const shownOf = (kind) => {
    const all = items.filter(({element}) => element.classList.contains(kind));
    return `${all.filter(({element}) => !element.hidden).length} of ${all.length} ${kind}s`;
  };

  function apply() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    for (const {element, haystack, verdict} of items)
      element.hidden = !verdicts.has(verdict) || !words.every((word) => haystack.includes(word));
    for (const table of document.querySelectorAll('.table-of-cases'))
      table.hidden = !table.querySelector('.item:not([hidden])');
    count.textContent = `${shownOf('clause')}, ${shownOf('case')} shown`;
  }

  // A link leads to what it names, also when that is folded or filtered out.
  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.classList.contains('item'))
      return;
    if (target.hidden) {
      form.reset();
      apply();
    }
    if (target.tagName === 'DETAILS')
      target.open = true;
    target.scrollIntoView();
  }

  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  window.addEventListener('hashchange', reveal);
  window.addEventListener('beforeprint', () => {
    for (const {element} of items)
      element.open = true;
  });
  form.hidden = false;
  text.value = '';
  apply();
  if (location.hash)
    reveal();
})();
