// Which window this tab is. Runs before everything else of ours: the label is known from the first line of a page on.
//
// The application gives each window a ticket. A tab keeps it in `sessionStorage`, which survives a reload, links and the
// history; a tab that the application opens has it in its name at first.
(() => {
  const { settings } = transom;
  const key = `transom:${settings.base}`;
  // On a server with many users a ticket begins with the id of its session.
  const NAME = /^transom:(.+):((?:[0-9a-f]{32}){1,2})$/s;

  /** @param {string} label @param {string} ticket */
  const nameOf = (label, ticket) => `transom:${label}:${ticket}`;

  /** Keep what this tab is. @param {string} label @param {string} ticket */
  function become(label, ticket) {
    try {
      sessionStorage.setItem(key, JSON.stringify([label, ticket]));
    } catch {
      // The browser stores nothing for this page. A tab's name survives reloads and links as well.
      window.name = nameOf(label, ticket);
    }
  }

  function forget() {
    if (NAME.test(window.name)) window.name = '';
    try {
      sessionStorage.removeItem(key);
    } catch {
      // as above
    }
  }

  function stored() {
    try {
      const [label, ticket] = JSON.parse(sessionStorage.getItem(key) ?? '[]');
      if (typeof label === 'string' && /^(?:[0-9a-f]{32}){1,2}$/.test(ticket)) return { label, ticket };
    } catch {
      // none, or not ours
    }
    return undefined;
  }

  /** @type {{label: string, ticket: string} | undefined} */
  let heir;
  // Not before the page goes: one whose user chooses to stay is still its own window.
  const leave = () => {
    if (!heir) return;
    if (NAME.test(window.name)) window.name = nameOf(heir.label, heir.ticket);
    become(heir.label, heir.ticket);
  };
  addEventListener('pagehide', ({ isTrusted }) => isTrusted && leave(), { capture: true });

  /** Let this tab become another window when its page goes; `undefined`: let it stay what it is. @param {{label: string, ticket: string} | undefined} next */
  function follow(next) {
    heir = next;
  }

  // A tab that the application opened begins with a copy of the other tab's storage, so its name comes first.
  const named = NAME.exec(window.name);
  if (named) become(named[1], named[2]);
  else if (settings.ticket && !stored()) become(settings.label, settings.ticket);
  const found = named ? { label: named[1], ticket: named[2] } : stored();
  if (found) settings.label = settings.window = found.label;
  settings.ticket = found?.ticket ?? settings.ticket;
  // The page of another window could be called through it.
  if (named) window.opener = null;
  transom.identity = { become, follow, forget, nameOf };
})();
