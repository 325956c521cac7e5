"""What a page says, seen or read aloud, and what of it is English."""

from __future__ import annotations

import re

from playwright.sync_api import Page

SPOKEN = """() => {
  const said = new Set();
  const tell = (text) => { if (text && text.trim()) said.add(text.trim()); };
  const named = ["aria-label", "title", "data-title", "placeholder", "alt"];
  for (const node of document.body.querySelectorAll("*")) {
    if (node.closest("script, style, code, pre, [translate=no]")) continue;
    if (!node.checkVisibility()) continue;
    for (const name of named) tell(node.getAttribute(name));
    for (const child of node.childNodes) if (child.nodeType === 3) tell(child.textContent);
  }
  return [...said];
}"""

# Names, units, and words that a Japanese textbook writes as they are.
ALLOWED = re.compile(
    r"Mini |ResNet|DenseNet|Inception|ResNeXt|GoogLeNet|MobileNet(V3)?( Large)?|EfficientNet|Lite0"
    r"|(Guided )?Grad-CAM|HiRes-CAM|CIFAR|ImageNet|PyTorch|torchvision|TensorFlow|Kaggle"
    r"|Plotly\.js|logomark|plotly-"
    r"|English|PNG|SVG|CSV|API|HEIC|JPEG|WebP|BC(-\d+)?|Dense Block|Transition|BatchNorm|ReLU|MACs?"
    r"|top-1|viridis|inferno|magma|cividis|plasma|pytorch/vision|issue|\.js|handle_file|python"
    r"|ATM|CD|iPod|zip|Enter|Shift|classifier|torch\.cat|growth_rate|Mixed_\d[a-e]|(?<![A-Za-z])(ms|MB|GB|px)(?![A-Za-z])"
)


def spoken(page: Page) -> list[str]:
    return page.evaluate(SPOKEN)


def english(said: list[str]) -> list[str]:
    """What has an English word in it that is no name and no unit."""
    return [text for text in said if re.search(r"[A-Za-z]{2,}", ALLOWED.sub(" ", text))]
