// Says things to people who do not see the screen: one polite live region for the whole extension.
const ID = 'himalia-announcer';

function region(): HTMLElement {
  const found = document.getElementById(ID);
  if (found) {
    return found;
  }
  const made = document.createElement('div');
  made.id = ID;
  made.className = 'himalia-visually-hidden';
  made.setAttribute('role', 'status');
  made.setAttribute('aria-live', 'polite');
  document.body.appendChild(made);
  return made;
}

/** Announce a sentence; the same one twice is announced twice. */
export function announce(sentence: string): void {
  const place = region();
  place.textContent = '';
  window.setTimeout(() => {
    place.textContent = sentence;
  }, 50);
}
