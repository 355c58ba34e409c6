// Frames that were sent over a connection which can break, until the application has them: as `wire/_replay.py`.
(() => {
  /** @param {number} maxBytes */
  function replay(maxBytes) {
    /** @type {(string | Uint8Array<ArrayBuffer>)[]} */
    let frames = [];
    let bytes = 0;
    let sent = 0;
    const drop = () => (bytes -= frames.shift()?.length ?? 0);
    return {
      /** How many frames were sent. */
      sent: () => sent,
      /** Note that a frame is sent. @param {string | Uint8Array<ArrayBuffer>} frame */
      note(frame) {
        sent++;
        frames.push(frame);
        bytes += frame.length;
        while (bytes > maxBytes) drop();
      },
      /** Note that the application has this many. @param {number} count */
      acknowledge(count) {
        while (frames.length > Math.max(sent - count, 0)) drop();
      },
      /** Return the frames behind this many; `undefined` when some are kept no more, or were never sent. @param {number} count */
      after(count) {
        if (count > sent || count < sent - frames.length) return undefined;
        this.acknowledge(count);
        return frames;
      },
      /** Forget the frames, and count on from here. @param {number} count */
      reset(count) {
        frames = [];
        bytes = 0;
        sent = count;
      },
    };
  }

  // A batch that is longer goes alone: the application takes a large one only if it carries one message.
  const SHARED_LENGTH = 65536;

  function receipts() {
    let received = 0;
    let acknowledged = 0;
    return {
      /** How many frames have come. */
      count: () => received,
      /** Note that a frame has come. */
      note: () => void received++,
      /** How many the application has not been told of. */
      due: () => received - acknowledged,
      /** Let a batch tell the application of them, so that it takes no message of its own; `]` is an empty one. @param {string} batch */
      ahead(batch) {
        if (acknowledged === received || batch.length > SHARED_LENGTH) return batch;
        acknowledged = received;
        return `[[3,${received}]${batch === ']' ? ']' : `,${batch.slice(1)}`}`;
      },
    };
  }

  transom.replay = replay;
  transom.receipts = receipts;
})();
