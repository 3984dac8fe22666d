// The course this Lab belongs to, as the server put it in the page.
import { PageConfig } from '@jupyterlab/coreutils';

export interface ICourse {
  key: string;
  title: string;
  environment: string;
  role: string;
  author: boolean;
  address: string;
}

const NONE: ICourse = { key: '', title: '', environment: '', role: '', author: false, address: '' };

export function courseOfPage(): ICourse {
  try {
    return { ...NONE, ...JSON.parse(PageConfig.getOption('himalia') || '{}') };
  } catch {
    return NONE;
  }
}

/** The beginning of a digest: enough to compare with what the assignment prints. */
export function shortened(environment: string): string {
  return environment.replace(/^sha256:/, '').slice(0, 8);
}

/** The address of a page of the platform; null where the platform's is not known. */
export function onPlatform(path: string): string | null {
  const { address } = courseOfPage();
  return address ? new URL(path || '/', address).href : null;
}
