// Sound and films of the application's schemes, which WebKitGTK's player does not load: each is asked for at an address
// of the application's media server instead. Only with `Builder.media_server`.
(() => {
  const { key, schemes } = transom.settings;
  const plainFetch = window.fetch.bind(window);
  const { play } = HTMLMediaElement.prototype;
  /** @type {WeakMap<HTMLMediaElement, {address: string, done: Promise<boolean>}>} what an element was last asked to load */
  const replaced = new WeakMap();

  /** @param {EventTarget | null} target @returns {HTMLMediaElement | undefined} */
  function elementOf(target) {
    if (target instanceof HTMLMediaElement) return target;
    if (target instanceof HTMLSourceElement && target.parentElement instanceof HTMLMediaElement) return target.parentElement;
    return undefined;
  }

  /** The address of ours that an element is to load. @param {HTMLMediaElement} element */
  function addressOf(element) {
    const sources = element.src ? [element.src] : [...element.querySelectorAll('source')].map(({ src }) => src);
    return sources.find((address) => schemes.some((/** @type {string} */ scheme) => address.startsWith(`${scheme}:`)));
  }

  /** @param {string} address */
  async function ask(address) {
    const headers = { 'transom-media': encodeURIComponent(address) };
    const response = await plainFetch(`ipc://localhost/${key}/media`, { method: 'POST', headers });
    return response.ok ? response.text() : undefined;
  }

  /** Let an element load from the media server; `false` when it does not get an address. @param {HTMLMediaElement} element @param {string} address */
  function replace(element, address) {
    const before = replaced.get(element);
    if (before?.address === address) return before.done;
    const done = ask(address).then(
      (url) => {
        if (!url || addressOf(element) !== address) return false;
        element.src = url;
        return true;
      },
      () => false,
    );
    replaced.set(element, { address, done });
    return done;
  }

  for (const name of ['loadstart', 'error']) {
    addEventListener(
      name,
      (event) => {
        const element = elementOf(event.target);
        const address = element && addressOf(element);
        if (!element || !address || !event.isTrusted) return;
        // The page is told of the second try alone.
        event.stopImmediatePropagation();
        replace(element, address).then((done) => {
          if (!done && name === 'error') event.target?.dispatchEvent(new Event('error'));
        });
      },
      true,
    );
  }

  HTMLMediaElement.prototype.play = async function () {
    const address = addressOf(this);
    if (address) await replace(this, address);
    return play.call(this);
  };
})();
