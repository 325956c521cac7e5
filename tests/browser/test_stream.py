"""Answers reach the page also where the end of its stream comes late."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

Open = Callable[..., Page]

# The network under the page: what says that the stream is closed arrives only after the server has
# taken another question, as happens by chance where the browser or the server is slow.
LATE = """
(() => {
  const real = window.fetch;
  let taken = () => {};
  window.heldBack = 0;
  const bytes = new TextEncoder();
  const late = () => new TransformStream({
    async transform(text, controller) {
      const [before, ...end] = text.split(/(?=data: *{"msg": *"close_stream")/);
      controller.enqueue(bytes.encode(before));
      if (!end.length) return;
      window.heldBack += 1;
      await new Promise((done) => { taken = done; });
      controller.enqueue(bytes.encode(end.join("")));
    },
  });
  window.fetch = async (input, init) => {
    const response = await real(input, init);
    const url = String(input.url ?? input);
    if (url.includes("/queue/join")) {
      response.json = async () => {
        const told = await Response.prototype.json.call(response);
        // Once the page knows it.
        setTimeout(() => taken());
        return told;
      };
    }
    if (!url.includes("/queue/data") || !response.ok) return response;
    const { status, headers } = response;
    const text = response.body.pipeThrough(new TextDecoderStream());
    return new Response(text.pipeThrough(late()), { status, headers });
  };
})();
"""


def test_a_question_at_the_end_of_a_stream_is_answered(open_page: Open) -> None:
    page = open_page("en", "?tab=residual&scene=sum&example=ship", before=LATE)
    for scene in ("forms", "off", "adds"):
        expect(page.locator("[data-scene=sum] .scene-sentence")).not_to_have_text("")
        page.locator(f"#scenes-residual [data-open-scene={scene}]").click()
        expect(page.locator(f"#scene-{scene}")).to_have_attribute("aria-busy", "false")
    assert page.evaluate("window.heldBack") >= 2


# The network under the page: as soon as an answer is begun, three others are said to go first.
BEHIND = """
(() => {
  const real = window.fetch;
  window.told = [];
  addEventListener("ahead", ({ detail }) => told.push(detail));
  const bytes = new TextEncoder();
  const behind = () => new TransformStream({
    transform(text, controller) {
      const place = (id) => JSON.stringify({ msg: "estimation", event_id: id, rank: 3 });
      const more = text.replace(/data: *({"msg": *"process_starts".*)/g, (whole, message) =>
        `data: ${place(JSON.parse(message).event_id)}\\n\\n${whole}`);
      controller.enqueue(bytes.encode(more));
    },
  });
  window.fetch = async (input, init) => {
    const response = await real(input, init);
    if (!String(input.url ?? input).includes("/queue/data") || !response.ok) return response;
    const { status, headers } = response;
    const text = response.body.pipeThrough(new TextDecoderStream());
    return new Response(text.pipeThrough(behind()), { status, headers });
  };
})();
"""


def test_the_page_says_how_many_questions_go_first(open_page: Open) -> None:
    page = open_page("en", "?tab=residual&scene=sum&example=ship", before=BEHIND)
    expect(page.locator("[data-scene=sum] .scene-sentence")).not_to_have_text("")
    page.wait_for_function("told.includes(3) && told.at(-1) === 0")
    # At once: an answer that comes meanwhile says anew how many there are.
    said = """count => {
      dispatchEvent(new CustomEvent("ahead", { detail: count }));
      const place = document.getElementById("ahead");
      return place.checkVisibility() ? place.textContent : null;
    }"""
    assert page.evaluate(said, 3) == "3 questions go before yours."
    assert page.evaluate(said, 1) == "1 question goes before yours."
    assert page.evaluate(said, 0) is None
