// No answer is lost. The server closes a page's stream of answers when nothing more is asked, and
// Gradio's page opens another with its next question. One that is sent while the end of the stream
// is on its way belongs to neither: the page takes the stream for open, and waits for ever.
// Here the page is given one stream that lasts; it is fed while a question is under way. How many
// questions of others go first is said beside it, since Gradio shows that of its own queue alone.
(() => {
  const send = window.fetch;
  // Questions that the server has taken and not answered; answers that came before the server said
  // that it had taken the question.
  const underWay = new Set(), early = new Set();
  // Question -> how many go before it, where some do.
  const places = new Map();
  // What the page listens to: {request, controller}.
  let stream = null, feeding = false;

  async function join(input, init) {
    const response = await send(input, init);
    if (response.ok) {
      const { event_id: id } = await response.clone().json();
      if (!early.delete(id)) underWay.add(id);
      feed();
    }
    return response;
  }

  // Connections that the server closes, one after the other, until nothing is under way.
  async function feed() {
    if (!stream || feeding) return;
    feeding = true;
    try {
      while (underWay.size) {
        const response = await send(stream.request.clone());
        if (!response.ok) throw new TypeError(response.statusText);
        await pass(response);
      }
    } catch (error) {
      stream.controller.error(error);
      stream = null;
    }
    feeding = false;
  }

  async function pass(response) {
    const bytes = new TextEncoder();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = "";;) {
      const { value, done } = await reader.read();
      if (done) return;
      const messages = (rest + value).split("\n\n");
      rest = messages.pop();
      for (const message of messages) {
        const { msg, event_id: id, rank } = JSON.parse(message.replace(/^data:/, ""));
        if (msg === "close_stream") return;
        if (msg === "estimation") place(id, rank);
        if (msg === "process_completed") place(id, 0);
        if (msg === "process_completed" && !underWay.delete(id)) early.add(id);
        stream.controller.enqueue(bytes.encode(`${message}\n\n`));
      }
    }
  }

  function place(id, ahead) {
    if (!places.delete(id) && !ahead) return;
    if (ahead) places.set(id, ahead);
    const most = Math.max(0, ...places.values());
    globalThis.dispatchEvent(new CustomEvent("ahead", { detail: most }));
  }

  function listen(request) {
    const body = new ReadableStream({
      start(controller) {
        stream = { request, controller };
      },
    });
    feed();
    return Promise.resolve(
      new Response(body, { headers: { "content-type": "text/event-stream" } }),
    );
  }

  window.fetch = (input, init) => {
    const path = new URL(input.url ?? input, window.location.href).pathname;
    if (path.endsWith("/queue/join")) return join(input, init);
    if (path.endsWith("/queue/data")) return listen(new Request(input, init));
    return send(input, init);
  };
})();
