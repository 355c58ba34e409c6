// The page of the windows and webviews that `webviews.js` makes; it answers its questions by events.
import { emit, listen } from 'tauri-api/event';
import { getCurrentWebview } from 'tauri-api/webview';
import { getCurrentWindow } from 'tauri-api/window';

let count = 0;
if (!window.__TAURI_INTERNALS__) document.title = 'Conformance without a link';

async function main() {
  const label = getCurrentWebview().label;
  if (location.hash === '#stays') await getCurrentWindow().onCloseRequested((event) => event.preventDefault());
  if (location.hash === '#leaves') await getCurrentWindow().onCloseRequested(() => {});
  await listen(`ask/${label}`, async ({ payload }) => {
    let answer;
    try {
      // The test's own questions, not anybody's.
      answer = await new Function('return (async () => {' + payload + '})()').call(window);
    } catch (error) {
      answer = `failed: ${error}`;
    }
    await emit(`answer/${label}`, answer ?? null);
  });
  await emit('hello', {
    label,
    window: getCurrentWindow().label,
    agent: navigator.userAgent,
    stored: localStorage.getItem('stored'),
    first: window.FIRST ?? null,
    everywhere: window.EVERYWHERE ?? null,
    count: ++count,
  });
}

main();
