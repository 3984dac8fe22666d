// The demo's sign-in provider: a real OpenID Connect provider whose accounts are a list to click on. Loopback only.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import Provider from 'oidc-provider';
import { chooser, language, problem, signingOut, stylesheet, submitAtOnce } from './pages.mjs';

const { DEMO_PORT, DEMO_PUBLIC_URL, DEMO_ACCOUNTS, DEMO_KEYS, DEMO_CLIENT_SECRET } = process.env;
const SCOPE = 'openid profile email';
const DAY = 24 * 60 * 60;

const accounts = () => JSON.parse(fs.readFileSync(DEMO_ACCOUNTS, 'utf8'));

// The signing key outlives a restart: otherwise every session's ID token would be worthless after it.
function signingKeys() {
  if (!fs.existsSync(DEMO_KEYS)) {
    const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: crypto.randomUUID() };
    fs.writeFileSync(DEMO_KEYS, JSON.stringify({ keys: [key] }), { mode: 0o600 });
  }
  return JSON.parse(fs.readFileSync(DEMO_KEYS, 'utf8'));
}

function findAccount(_ctx, sub) {
  const account = accounts().find((one) => one.sub === sub);
  if (!account) return undefined;
  const claims = { sub, name: account.name, email: account.email, email_verified: true };
  return { accountId: sub, claims: () => claims };
}

// The platform is the only client and belongs to the same demo: nothing to consent to.
async function grantEverything(ctx) {
  const { client, session, provider } = ctx.oidc;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(SCOPE);
  await grant.save();
  return grant;
}

const provider = new Provider(`http://localhost:${DEMO_PORT}`, {
  clients: [
    {
      client_id: 'himalia',
      client_secret: DEMO_CLIENT_SECRET,
      redirect_uris: [`${DEMO_PUBLIC_URL}/sign-in/demo/callback`],
      post_logout_redirect_uris: [`${DEMO_PUBLIC_URL}/`],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  jwks: signingKeys(),
  findAccount,
  loadExistingGrant: grantEverything,
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false,
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  cookies: {
    keys: [crypto.createHash('sha256').update(`cookies ${DEMO_CLIENT_SECRET}`).digest('hex')],
    // Cookies know no port: these names keep clear of the platform's own.
    names: { session: 'demo_session', interaction: 'demo_interaction', resume: 'demo_resume' },
  },
  ttl: { Session: DAY, Grant: DAY, Interaction: DAY, AccessToken: DAY, IdToken: DAY },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => show(ctx, signingOut(language(ctx), form)),
      postLogoutSuccessSource: (ctx) => ctx.redirect(`${DEMO_PUBLIC_URL}/`),
    },
  },
  renderError: (ctx, out) => show(ctx, problem(language(ctx), out.error_description ?? out.error, DEMO_PUBLIC_URL)),
});

function show(ctx, html) {
  const { protocol, host } = new URL(DEMO_PUBLIC_URL);
  ctx.type = 'text/html; charset=utf-8';
  ctx.set('Cache-Control', 'no-store');
  ctx.set(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; ` +
      `form-action 'self' ${DEMO_PUBLIC_URL} ${protocol}//*.${host}`, // a form's whole chain of redirects counts
  );
  ctx.body = html;
}

async function interaction(ctx) {
  const details = await provider.interactionDetails(ctx.req, ctx.res);
  show(ctx, chooser(language(ctx, details.params.ui_locales), accounts()));
}

async function choose(ctx) {
  const body = await text(ctx.req);
  const sub = new URLSearchParams(body).get('account') ?? '';
  if (!findAccount(ctx, sub)) return ctx.throw(400, 'no such account');
  ctx.respond = false;
  await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: sub } });
}

const FILES = { '/demo.css': ['text/css', stylesheet], '/demo.js': ['text/javascript', submitAtOnce] };

provider.use(async (ctx, next) => {
  if (FILES[ctx.path]) [ctx.type, ctx.body] = FILES[ctx.path];
  else if (ctx.path.startsWith('/interaction/')) await (ctx.method === 'POST' ? choose(ctx) : interaction(ctx));
  else await next();
});

const server = http.createServer(provider.callback());
server.listen(Number(DEMO_PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
