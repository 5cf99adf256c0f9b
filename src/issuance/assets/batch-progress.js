// Keeps the counts of a running batch fresh. The page is complete without it: a reload shows the same.
const script = document.querySelector('script[data-source]');
const source = script?.getAttribute('data-source');
const counts = document.getElementById('progress');
const bar = document.querySelector('svg.bar rect');
const format = new Intl.NumberFormat(document.documentElement.lang);

async function refresh() {
  const response = await fetch(source, { headers: { accept: 'application/json' } });
  if (!response.ok) return;
  const { state, total, items } = await response.json();
  const issued = items.issued ?? 0;
  if (counts) counts.textContent = counts.textContent.replace(/[\d.,]+/, format.format(issued));
  bar?.setAttribute('width', `${total === 0 ? 0 : (100 * issued) / total}%`);
  if (state !== 'running') location.reload();
}

if (source) setInterval(() => void refresh().catch(() => undefined), 2000);
