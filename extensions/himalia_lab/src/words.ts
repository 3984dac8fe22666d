// What is said in several plugins: dates, refusals, the reasons of versions.
import { ITranslator, TranslationBundle } from '@jupyterlab/translation';

import { Refusal } from './api';

export const DOMAIN = 'himalia_lab';

export function bundle(translator: ITranslator): TranslationBundle {
  return translator.load(DOMAIN);
}

function language(): string | undefined {
  return document.documentElement.lang || undefined;
}

/** A date and time in the person's language and time zone, with the zone's name where it could be doubted. */
export function dateTime(iso: string, zone = false): string {
  const style: Intl.DateTimeFormatOptions = {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    ...(zone ? { timeZoneName: 'short' as const } : {})
  };
  return format(iso, style);
}

/** A date and time to the second, for a receipt. */
export function exactTime(iso: string): string {
  return format(iso, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short'
  });
}

export function timeOfDay(iso: string): string {
  return format(iso, { hour: '2-digit', minute: '2-digit' });
}

/** To the second: two saves of a minute are two versions. */
export function secondOfDay(iso: string): string {
  return format(iso, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

export function day(iso: string): string {
  return format(iso, { weekday: 'long', day: 'numeric', month: 'long' });
}

function format(iso: string, style: Intl.DateTimeFormatOptions): string {
  try {
    return new Intl.DateTimeFormat(language(), style).format(new Date(iso));
  } catch {
    return new Intl.DateTimeFormat(undefined, style).format(new Date(iso));
  }
}

/** A refusal in the person's language: our own words for what we know, the platform's for the rest. */
export function refusalSaid(error: unknown, trans: TranslationBundle): { title: string; detail: string } {
  if (!(error instanceof Refusal)) {
    return { title: trans.__('Something went wrong.'), detail: String(error) };
  }
  switch (error.code) {
    case 'offline':
      return {
        title: trans.__('Your workspace does not answer.'),
        detail: trans.__('Check your connection. Nothing was changed; please try again in a minute.')
      };
    case 'unreachable':
      return {
        title: trans.__('The platform does not answer.'),
        detail: trans.__('Your files are as they were. Please try again in a minute.')
      };
    case 'archive-link':
      return { title: trans.__('This file is a link and cannot be sent: %1', error.detail), detail: trans.__('Replace it with a real file or delete it, then try again.') };
    case 'archive-too-large':
    case 'archive-too-many':
      return { title: trans.__('The folder is too large to be sent.'), detail: trans.__('Delete what does not belong to your answer, then try again.') };
    case 'not-saved':
      return { title: trans.__('This notebook could not be saved: %1', error.detail), detail: trans.__('Nothing was sent. Save it, then try again.') };
    case 'source-changed':
      return {
        title: trans.__('Somebody else changed this source on the platform.'),
        detail: trans.__('Yours was not sent. Choose which one is kept.')
      };
    case 'not-in-sujet':
      return { title: trans.__('The released version does not hold this.'), detail: error.detail };
    case 'not-kept':
      return { title: trans.__('This version is no longer kept.'), detail: trans.__('Choose another one in the list.') };
    case 'no-file':
      return { title: trans.__('This file is not there.'), detail: error.detail };
    default:
      return { title: error.title, detail: error.detail };
  }
}

/** Why a version was kept, in words. */
export function reasonSaid(reason: string, trans: TranslationBundle): string {
  switch (reason) {
    case 'submitted':
      return trans.__('handed in');
    case 'before-restore':
      return trans.__('before another version was brought back');
    case 'before-update':
      return trans.__('before another author’s source was taken');
    case 'before-restart':
      return trans.__('before starting again');
    default:
      return '';
  }
}
