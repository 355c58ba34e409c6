export interface Call {
  id: number; change: number; at: number; page: string; origin: string; command: string; args: string; argsBytes: number;
  buffers: number[]; raw: boolean; headers: Record<string, string>; replayed: boolean; state: string; where: string;
  waited: number | null; took: number | null; result: string; resultBytes: number; resultBuffers: number[]; error: string;
  denial: Record<string, any> | null; advice: string; replayable: boolean;
}
export interface Happening {
  id: number; change: number; at: number; kind: string; name: string; payload: string; payloadBytes: number; source: string;
  everybody: boolean;
}
export interface ChannelOf {
  id: number; change: number; at: number; last: number; page: string; callback: number; sent: number; bytes: number; ended: boolean;
}
export interface Changes { cursor: number; more: boolean; calls: Call[]; events: Happening[]; channels: ChannelOf[] }
