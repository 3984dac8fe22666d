// The provider's three pages, in French and English; no resource from elsewhere.
const WORDS = {
  fr: {
    title: 'Choisissez un compte de démonstration',
    lead: 'Ces personnes sont inventées : aucun mot de passe.',
    other: ['en', 'English'],
    out: 'Fin de la session',
    leave: 'Terminer la session',
    problem: "La connexion n'a pas abouti",
    again: 'Recommencer depuis la page d’accueil',
    site: 'Connexion de démonstration',
  },
  en: {
    title: 'Choose a demo account',
    lead: 'These people are invented: no password.',
    other: ['fr', 'Français'],
    out: 'Signing out',
    leave: 'Sign out',
    problem: 'The sign-in did not succeed',
    again: 'Start again from the home page',
    site: 'Demo sign-in',
  },
};

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => ESCAPES[c]);

// What the person asked for on the page, else what the platform asks for, else the browser's first known language.
export function language(ctx, uiLocales = '') {
  const wishes = [ctx.query.lang, ...String(uiLocales).split(' '), ...ctx.acceptsLanguages()];
  return wishes.map((wish) => String(wish ?? '').slice(0, 2)).find((wish) => wish in WORDS) ?? 'fr';
}

function page(lang, heading, body, head = '') {
  const words = WORDS[lang];
  return `<!doctype html>
<html lang="${lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(heading)} – ${words.site}</title><link rel="stylesheet" href="/demo.css"><link rel="icon" href="data:,">${head}</head>
<body><main><h1>${escape(heading)}</h1>${body}</main></body>
</html>`;
}

export function chooser(lang, accounts) {
  const words = WORDS[lang];
  const [other, name] = words.other;
  const item = (account) => `<li><button name="account" value="${escape(account.sub)}"><strong>${escape(account.name)}</strong>
<span>${escape(account[`description_${lang}`] ?? '')}</span></button></li>`;
  return page(
    lang,
    words.title,
    `<p>${words.lead} <a href="?lang=${other}" lang="${other}" hreflang="${other}">${name}</a></p>
<form method="post"><ul>${accounts.map(item).join('')}</ul></form>`,
  );
}

export function signingOut(lang, form) {
  const words = WORDS[lang];
  const button = `<button name="logout" value="yes" form="op.logoutForm">${words.leave}</button>`;
  return page(lang, words.out, `${form}<p>${button}</p>`, '<script src="/demo.js" defer></script>');
}

export function problem(lang, reason, home) {
  const words = WORDS[lang];
  return page(lang, words.problem, `<p>${escape(reason)}</p><p><a href="${escape(home)}/">${words.again}</a></p>`);
}

// Signing out was asked for on the platform's page: the button is pressed at once, and is there where scripts are off.
export const submitAtOnce = `document.querySelector('button[name=logout]').click();`;

export const stylesheet = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
ul { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .75rem; }
button { font: inherit; color: inherit; background: Field; border: 1px solid GrayText; border-radius: .5rem; padding: .75rem 1rem; min-height: 3rem; cursor: pointer; }
li button { width: 100%; height: 100%; text-align: left; }
li span { display: block; }
button:hover { border-color: LinkText; }
button:focus-visible, a:focus-visible { outline: 3px solid LinkText; outline-offset: 2px; }
`;
