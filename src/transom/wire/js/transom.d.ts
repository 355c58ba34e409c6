// What our page scripts put into and take out of their common `transom` object. For the type checker only.

declare namespace transom {
  type Span = [path: (string | number)[], kind: string, pack: number, offset: number, length: number];
  interface LiftedBuffer { path: (string | number)[]; kind: string; view: Uint8Array }
  interface InvokeOptions { headers?: HeadersInit; signal?: AbortSignal; timeout?: number }
  interface IpcMessage { cmd: string; callback: number; error: number; payload?: unknown; options?: InvokeOptions }

  interface SealedCall { command: string; json: string; buffers: LiftedBuffer[] }
  /** Pass a call through the isolation application, and return what is sent in its place. */
  type Seal = (id: number, command: string, json: string, buffers: LiftedBuffer[], headers: Record<string, string> | null) => Promise<SealedCall>;

  interface Transport {
    /** Send a batch, a JSON array of messages. */
    send(text: string): void;
    /** Return the number of the pack that buffers of this size travel in; 0 is the batch's own. */
    packFor(size: number): number;
    /** Send a batch with the buffers of one pack. What it returns, if anything, resolves when the batch cannot be overtaken. */
    sendBinary(pack: number, text: string, buffers: LiftedBuffer[]): Promise<void> | void;
    /** Return the pack that holds all buffers of the frame being delivered; 0 is the frame's own, which is here. */
    pack(number: number): ArrayBuffer | Promise<ArrayBuffer>;
    /** Note whether the page is being left: what is sent then must arrive though it is gone. */
    leave?(left: boolean): void;
    /** Do something for the runtime. */
    perform(operation: string, rest: unknown[]): void;
  }

  let settings: {
    label: string; window: string; key: string; maxMessageBytes: number; pathSeparator: string; pathDelimiter: string; [name: string]: any;
  };
  let callbacks: {
    callbacks: Map<number, (data: unknown) => unknown>;
    transformCallback(callback: ((data: any) => unknown) | undefined, once?: boolean): number;
    runCallback(id: number, data: unknown): void;
    unregisterCallback(id: number): void;
  };
  let serialize: {
    serialize(payload: unknown): { json: string; buffers: LiftedBuffer[] };
    spansOf(buffers: LiftedBuffer[], pack: number): Span[];
    place(value: any, spans: Span[], pack: ArrayBuffer): any;
    plainHeaders(headers: HeadersInit | undefined): Record<string, string> | null;
    batchFrame(text: string, buffers: LiftedBuffer[]): Uint8Array<ArrayBuffer>;
    chunkFrames(number: number, buffers: LiftedBuffer[], chunkBytes: number): Uint8Array<ArrayBuffer>[];
  };
  let link: {
    invoke(command: string, payload?: unknown, options?: InvokeOptions): Promise<any>;
    send(message: string): void;
    deliver(text: string): void;
    end(reason: unknown): void;
    resume(): void;
    forget(callback: number): void;
    leave(left: boolean): void;
    attach(transport: Transport): void;
    isolate(seal: Seal): void;
  };
  let events: {
    listening(id: number, handler: number, event?: string, target?: unknown): void;
    listenAgain(): void;
    deliver(event: string, payload: unknown, listeners: any[]): void;
  };
  let leaving: {
    watch(tell: (word: 'asked' | 'stays') => void): void;
    begin(asked: boolean): void;
  };
  let identity: {
    become(label: string, ticket: string): void;
    forget(): void;
    follow(next: { label: string; ticket: string } | undefined): void;
    nameOf(label: string, ticket: string): string;
  };
  /** Let the module of menus do something. */
  let drawMenus: (put: (word: string) => void, name: string, rest: any[]) => void;
  let takeover: { ask(take: () => void): void };
  let windowState: { watch(tell: (word: string) => void): void };
  let replay: (maxBytes: number) => {
    sent(): number;
    note(frame: string | Uint8Array<ArrayBuffer>): void;
    acknowledge(count: number): void;
    after(count: number): (string | Uint8Array<ArrayBuffer>)[] | undefined;
    reset(count: number): void;
  };
  let receipts: () => {
    count(): number;
    note(): void;
    due(): number;
    ahead(batch: string): string;
  };
  /** Only where the application has a window of an older generation. */
  let older: {
    generation: string;
    /** What a page of 1.x knows of windows. */
    metadata: { __windows: { label: string }[]; __currentWindow: { label: string } };
    /** Functions of 1.x by module and message. */
    modules: Record<string, Record<string, ((message: any) => any) & { api?: string }>>;
    /** Commands of plugins of 1.x that 2.x has in another form; `undefined` means that the message is not of that form. */
    plugins: Record<string, (message: any) => Promise<any> | undefined>;
    withoutBuffers(value: any): any;
    runCallback(id: number | string, value: any): void;
    channel(handle: (message: any) => void): string;
    [name: string]: any;
  };
  let protocolBase: (protocol: string) => string;
}
