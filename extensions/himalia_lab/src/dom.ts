// Builds small pieces of the page from text and attributes; text is never read as HTML.
import { Widget } from '@lumino/widgets';

type Child = Node | string | null;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children.filter((child): child is Node | string => child !== null));
  return made;
}

/** A list of terms and what they are: the plain form of a receipt. */
export function facts(pairs: [string, Node | string][]): HTMLElement {
  const rows = pairs.flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)]);
  return element('dl', { class: 'himalia-facts' }, ...rows);
}

/** The body of a dialog. */
export function bodyOf(...children: (Node | null)[]): Widget {
  const body = new Widget();
  body.addClass('himalia-dialog');
  body.node.append(...children.filter((child): child is Node => child !== null));
  return body;
}
