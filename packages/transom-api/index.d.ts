export interface StreamOptions {
  /** Headers of the call. */
  headers?: HeadersInit;
  /** How many values may wait in the page before the command is held. Default: 64. */
  highWaterMark?: number;
  /** Ends the loop: it throws the signal's reason, and the command is cancelled. */
  signal?: AbortSignal;
}

/**
 * Iterate over what a streaming command yields.
 *
 * ```ts
 * for await (const line of stream<string>('tail', { path })) console.log(line);
 * ```
 *
 * The command starts with the first step of the loop, is held while the loop is behind, and ends with it: `break` and `throw`
 * cancel it. What the command raises, the loop throws.
 */
export function stream<T>(
  command: string,
  args?: Record<string, unknown>,
  options?: StreamOptions,
): AsyncGenerator<T, void, undefined>;
