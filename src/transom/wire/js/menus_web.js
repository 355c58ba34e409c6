// The menus that the page draws: what draws them is loaded with the first one.
(() => {
  const { settings } = transom;
  /** @type {[x: number, y: number]} where the user last pressed a button, for context menus */
  let pressed = [0, 0];
  addEventListener('pointerdown', ({ clientX, clientY }) => (pressed = [clientX, clientY]), { capture: true, passive: true });
  /** @type {Promise<Record<string, (...rest: any[]) => void>> | undefined} */
  let menus;

  transom.drawMenus = (put, name, rest) => {
    // With this script's nonce, so that a page's policy allows it.
    menus ??= import(`${location.origin}${settings.base}/.transom/modules/menus.js`).then(({ createMenus }) =>
      createMenus((/** @type {number} */ key) => put(`"menu ${key}"`), () => pressed),
    );
    menus.then((found) => found[name](...rest)).catch((error) => console.error(`transom: no menu is shown: ${error.message}`));
  };
})();
