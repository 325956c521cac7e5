// A text with what stands in its braces filled in; {count:layer|layers} is the first word where the
// count is 1, as demo/text.py has it.
// deno-lint-ignore no-unused-vars -- the scripts that it stands before call it
const fill = (text, values) =>
  text.replace(/\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g, (whole, name, one, more) => {
    if (!(name in values)) return whole;
    if (more === undefined) return values[name];
    return String(values[name]) === "1" ? one : more;
  });
