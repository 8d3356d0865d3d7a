import type { LoginView } from '../src-main/contract/views.ts';
import { callControl } from './control-client.ts';
import type { LoginBegin } from './login-steps.ts';
import { linkTo, parseRoute } from './route.ts';
import { type Action, useAction } from './use-action.ts';

/** Begins logins, and leads to the place where each goes on. */
export function useBegin(): Omit<Action, 'run'> & { begin: (wanted: LoginBegin) => void } {
  const { busy, error, run } = useAction();
  const begin = (wanted: LoginBegin) =>
    void run(async () => {
      const login = await ask(wanted);
      // What stood in the address stays: it is where one is again when the login is given up.
      const { page, parameters } = parseRoute(location.hash);
      const here = page === 'accounts' ? Object.fromEntries(parameters) : {};
      // A login does not tell what its app was to be called, and another try needs to know.
      const name = wanted.method === 'createApp' ? wanted.input.name : undefined;
      location.hash = linkTo('accounts', { ...here, name, login: login.id });
    });
  return { busy, error, begin };
}

async function ask(wanted: LoginBegin): Promise<LoginView> {
  switch (wanted.method) {
    case 'createApp':
      return (await callControl('createApp', wanted.input)).login;
    case 'extendApp':
      return (await callControl('extendApp', wanted.input)).login;
    case 'login':
      return (await callControl('login', wanted.input)).login;
  }
}
