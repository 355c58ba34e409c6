// How a page is left. Its last calls, in `beforeunload` and `pagehide`, are marked, because they run though it is gone. And the
// runtime, which has asked the page to go, hears that a dialog asks the user, and that the page stays.
(() => {
  const { link } = transom;
  const later = setTimeout.bind(window);
  // A page that was to go and is still there after this stays.
  const STAYS_MS = 1000;
  /** @type {(word: 'asked' | 'stays') => void} */
  let tell = () => {};
  let going = false;
  let quiet = false;

  /** @param {typeof tell} teller */
  function watch(teller) {
    tell = teller;
    // Before the page's own listeners, as this script comes before the page's.
    const options = { capture: true };
    addEventListener('pagehide', ({ isTrusted }) => isTrusted && link.leave(true), options);
    addEventListener('beforeunload', leaves, options);
  }

  /** @param {BeforeUnloadEvent} event */
  function leaves(event) {
    if (!event.isTrusted) return;
    if (quiet) return event.stopImmediatePropagation();
    link.leave(true);
    later(stays, STAYS_MS);
  }

  function stays() {
    link.leave(false);
    if (going) tell('stays');
    going = quiet = false;
  }

  /** @param {BeforeUnloadEvent} event */
  function left(event) {
    if (event.isTrusted && event.defaultPrevented && going) tell('asked');
  }

  /** Note that the runtime takes the page away now. @param {boolean} asked whether the page's `beforeunload` listeners have run already */
  function begin(asked) {
    going = true;
    quiet = asked;
    // Behind the page's own listeners, to see what they have made of the event.
    removeEventListener('beforeunload', left);
    addEventListener('beforeunload', left);
  }

  transom.leaving = { watch, begin };
})();
