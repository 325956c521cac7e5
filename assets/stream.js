// No answer is lost. The server closes a page's stream of answers when nothing more is asked, and
// the page opens another with its next question. A question sent in between belongs to neither:
// Gradio's page takes the stream, whose end is still on its way, for open, and waits for ever.
// Here the stream goes on while a question is under way, and a question waits until the page has
// heard the end of its stream.
(() => {
  const send = window.fetch;
  // Questions that the server has taken and not answered; answers that came before the server said
  // that it had taken the question.
  const underWay = new Set(), early = new Set();
  let closing = null;

  const pathOf = (input) => new URL(input.url ?? input, window.location.href).pathname;

  async function join(input, init) {
    const response = await send(input, init);
    if (response.ok) {
      const { event_id: id } = await response.clone().json();
      if (!early.delete(id)) underWay.add(id);
    }
    await closing;
    return response;
  }

  // Reads the messages of one connection into the page's stream; whether another is to follow.
  async function pass(response, stream) {
    const bytes = new TextEncoder();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = "";;) {
      const { value, done } = await reader.read();
      if (done) return false;
      const messages = (rest + value).split("\n\n");
      rest = messages.pop();
      for (const message of messages) {
        const { msg, event_id: id } = JSON.parse(message.replace(/^data:/, ""));
        if (msg === "process_completed" && !underWay.delete(id)) early.add(id);
        if (msg === "close_stream") {
          if (underWay.size) return true;
          closing = heardBy(stream.signal);
        }
        stream.enqueue(bytes.encode(`${message}\n\n`));
      }
    }
  }
  // Gradio's page gives its stream up as soon as it hears that it is closed.
  const heardBy = (signal) =>
    new Promise((done) => signal.addEventListener("abort", done, { once: true })).then(() => {
      closing = null;
    });

  async function listen(request) {
    const again = () => send(request.clone());
    let response = await again();
    if (!response.ok) return response;
    const { status, headers } = response;
    const body = new ReadableStream({
      async start(controller) {
        const stream = {
          signal: request.signal,
          enqueue: (message) => controller.enqueue(message),
        };
        try {
          while (await pass(response, stream)) {
            response = await again();
            if (!response.ok) throw new TypeError(response.statusText);
          }
          controller.close();
        } catch (error) {
          controller.error(error);
        }
      },
    });
    return new Response(body, { status, headers });
  }

  window.fetch = (input, init) => {
    const path = pathOf(input);
    if (path.endsWith("/queue/join")) return join(input, init);
    if (path.endsWith("/queue/data")) return listen(new Request(input, init));
    return send(input, init);
  };
})();
