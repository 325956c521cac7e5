// Snaps of the webcam: five at a press, handed to the button for photos as files, so that they go
// the same way as every other upload. The picture stays in the browser until then.
const SNAPS = 5, BETWEEN = 400, SIDE = 512;
const root = element.querySelector(".train-camera"), video = root.querySelector("video");
const snap = root.querySelector("[data-camera=snap]");
const stop = root.querySelector("[data-camera=stop]"), said = root.querySelector("[role=status]");
let stream = null, busy = false;

const end = () => {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  video.srcObject = null;
  video.hidden = stop.hidden = true;
  snap.textContent = root.dataset.start;
};
const begin = async () => {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640 } });
    video.srcObject = stream;
    video.hidden = stop.hidden = false;
    await video.play();
    snap.textContent = root.dataset.snap;
    said.textContent = "";
  } catch {
    end();
    said.textContent = root.dataset.none;
  }
};
const shot = async (name) => {
  const scale = Math.min(1, SIDE / Math.min(video.videoWidth, video.videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  return new File([blob], name, { type: "image/jpeg" });
};
const burst = async () => {
  const files = new DataTransfer(), began = Date.now();
  for (let number = 1; number <= SNAPS; number += 1) {
    said.textContent = fill(root.dataset.taking, { number, count: SNAPS });
    files.items.add(await shot(`webcam-${began}-${number}.jpg`));
    if (number < SNAPS) await new Promise((done) => setTimeout(done, BETWEEN));
  }
  said.textContent = "";
  const input = element.closest(".scene-controls").querySelector("input[type=file]");
  input.files = files.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};
snap.addEventListener("click", async () => {
  if (busy) return;
  busy = true;
  try {
    await (stream ? burst() : begin());
  } finally {
    busy = false;
  }
});
stop.addEventListener("click", end);
// Nobody is filmed by a scene that is not on the screen.
new IntersectionObserver((seen) => {
  if (stream && !busy && !seen.at(-1).isIntersecting) end();
}).observe(root);
