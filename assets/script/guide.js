// A chapter that opens asks the server to set its scene.
element.addEventListener("chapter-opened", () => trigger("click"));
