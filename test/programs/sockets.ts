import { connect } from 'node:net';

/** What a server answers to bytes, until it ends the connection. */
export const answerTo = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.once('close', () => resolve(answer)).on('error', () => undefined);
  });

/** What a client gets that sends a header, later the body whatever the answer, and then a request on the same connection. */
export const sendToTheEnd = (
  port: number,
  header: string,
  body: Buffer,
): Promise<{ readonly answer: string; readonly error: string }> =>
  new Promise((resolve) => {
    let [answer, error] = ['', ''];
    // The body follows the header also where this process stands still meanwhile.
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      socket.write(header);
      setTimeout(sendBody, 300);
    });
    const sendBody = () =>
      socket.write(body, () => {
        if (/^connection: close/im.test(answer)) return socket.end();
        socket.once('end', () => socket.end());
        return socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      });
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.setTimeout(40_000, () => socket.destroy(new Error('the server does not end the connection')));
    socket.on('error', ({ message }) => {
      error = message;
    });
    socket.once('close', () => resolve({ answer, error }));
  });

/** A client that sends a header, and then a body for as long as the server takes it: what it got, and could send. */
export const sendWithoutEnd = (
  port: number,
  header: string,
): Promise<{ readonly answer: string; readonly sent: number; readonly seconds: number }> =>
  new Promise((resolve) => {
    const [part, begun] = [Buffer.alloc(1 << 16, 'x'), Date.now()];
    let [answer, sent] = ['', 0];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      socket.write(header);
      setTimeout(() => send(), 300);
    });
    const send = (error?: Error | null) => {
      if (error || socket.destroyed) return;
      sent += part.length;
      socket.write(part, send);
    };
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', () => undefined);
    socket.setTimeout(40_000, () => socket.destroy());
    socket.once('close', () => resolve({ answer, sent, seconds: (Date.now() - begun) / 1000 }));
  });
