// Server-sent events read by hand from a fetch stream: unlike EventSource this shows pings (comments) and HTTP status.

export interface Message { event: string; data: string; id: string }
export interface Parsed { messages: Message[]; pings: number }

/** A parser that is fed pieces of text as they come, cut anywhere. One message may not exceed `limit` characters. */
export function sseParser(limit = 32_000_000): (piece: string) => Parsed {
  let rest = '', event = '', id = '', size = 0;
  let data: string[] = [];
  return (piece) => {
    const out: Parsed = { messages: [], pings: 0 };
    const text = rest + piece;
    // A lone \r at the end may be half of \r\n: keep it for the next piece.
    const lines = (text.endsWith('\r') ? text.slice(0, -1) : text).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + (text.endsWith('\r') ? '\r' : '');
    if (rest.length > limit) throw new Error('a line of the stream is longer than any message');
    for (const line of lines) {
      if (line === '') {
        if (data.length) out.messages.push({ event: event || 'message', data: data.join('\n'), id });
        event = '', data = [], size = 0;
      } else if (line.startsWith(':')) {
        out.pings += 1;
      } else {
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'event') event = value;
        else if (field === 'id') id = value;
        else if (field === 'data' && (size += value.length) <= limit) data.push(value);
      }
    }
    return out;
  };
}
