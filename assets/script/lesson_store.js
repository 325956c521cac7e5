// What this browser remembers of the exercises: which are solved, and which task is under way.
const STORE = "four-families-lesson";
// deno-lint-ignore no-unused-vars -- the scripts behind it call it
const lesson = {
  read() {
    try {
      return { solved: {}, ...JSON.parse(localStorage.getItem(STORE) ?? "{}") };
    } catch {
      // A browser may keep nothing, or something else may stand there: the page works without.
      return { solved: {} };
    }
  },
  change(change) {
    const kept = this.read();
    change(kept);
    try {
      localStorage.setItem(STORE, JSON.stringify(kept));
    } catch {
      // As above.
    }
  },
};
