// Frames through two functions of a test: `__transomMock.send` takes what goes up, `receive` brings what comes down.
(() => {
  const { link } = transom;
  const { batchFrame } = transom.serialize;
  /** @type {any} */
  const mock = globalThis;
  /** @type {ArrayBuffer} */
  let tail = new ArrayBuffer(0);

  mock.__transomMock.receive = (/** @type {string} */ text, /** @type {ArrayBuffer} */ buffers) => {
    tail = buffers;
    link.deliver(text);
  };
  transom.protocolBase = (protocol) => `${protocol}://localhost/`;
  link.attach({
    send: (text) => mock.__transomMock.send(text),
    sendBinary(_, text, buffers) {
      mock.__transomMock.send(batchFrame(text, buffers));
    },
    packFor: () => 0,
    pack: () => tail,
    perform() {},
  });
})();
