/* Photos: a live picture under the guide of its view, a chosen one sent at once; two photos under one slider. Works
   without: the field takes a picture, the button sends it, the pair stands side by side. */

const send = (field) => { if (field.files.length) field.form.requestSubmit(); };
document.addEventListener("change", (event) => { if (event.target.matches("input[type=file][data-send]")) send(event.target); });
document.querySelectorAll("input[type=file][data-send]").forEach(send); // chosen before this was loaded

document.querySelectorAll("[data-slide]").forEach((slide) => {
  const range = slide.querySelector("[data-slider]");
  const top = slide.querySelector(".top");
  const show = () => top.style.setProperty("clip-path", `inset(0 0 0 ${100 - Number(range.value)}%)`);
  slide.hidden = false;
  range.addEventListener("input", show);
  show();
});

/* ---- the camera of this device, where the browser offers one: the guide and the last picture lie over what it sees */
const SHARE = 4 / 5; // width to height of every picture, as the guides are drawn
const box = document.querySelector("[data-camera-box]");
const part = (name) => box.querySelector(name);
let target = null;
let facing = "environment";

function stop() {
  const video = part("video");
  if (video.srcObject) video.srcObject.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
}
function look(taken) {
  part("video").hidden = taken;
  part("canvas").hidden = !taken;
  part("[data-camera-guide]").hidden = taken;
  ["shoot", "turn"].forEach((name) => { part(`[data-camera-${name}]`).hidden = taken; });
  ["again", "keep"].forEach((name) => { part(`[data-camera-${name}]`).hidden = !taken; });
}
async function start() {
  stop();
  look(false);
  part("[data-camera-said]").textContent = "";
  try {
    const wanted = { facingMode: facing, width: { ideal: 2400 }, height: { ideal: 2400 } };
    part("video").srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    if (!box.open) stop();
  } catch {
    part("[data-camera-said]").textContent = "The camera does not answer. Allow it in the browser, or close and choose a picture.";
    part("[data-camera-shoot]").hidden = true;
  }
}
function opened(event) {
  target = event.currentTarget.form;
  const frame = target.closest(".np-shot").querySelector(".np-frame");
  part("[data-camera-guide]").replaceChildren(...(frame ? Array.from(frame.children, (child) => child.cloneNode(true)) : []));
  part("h2").textContent = `${target.dataset.said}`;
  box.showModal();
  start();
}
function shoot() {
  const [video, canvas] = [part("video"), part("canvas")];
  if (!video.videoWidth) return;
  const width = Math.min(video.videoWidth, video.videoHeight * SHARE);
  const height = width / SHARE;
  canvas.width = Math.round(width);
  canvas.height = Math.round(height);
  const [left, top] = [(video.videoWidth - width) / 2, (video.videoHeight - height) / 2];
  canvas.getContext("2d").drawImage(video, left, top, width, height, 0, 0, canvas.width, canvas.height);
  stop();
  look(true);
}
function keep() {
  part("canvas").toBlob((blob) => {
    const files = new DataTransfer();
    files.items.add(new File([blob], "camera.jpg", { type: "image/jpeg" }));
    target.querySelector("input[type=file]").files = files.files;
    target.requestSubmit();
    box.close();
  }, "image/jpeg", 0.92);
}
if (box && navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
  document.querySelectorAll("[data-camera]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", opened);
  });
  document.querySelectorAll("[data-camera-else]").forEach((words) => { words.textContent = words.dataset.cameraElse; });
  part("[data-camera-shoot]").addEventListener("click", shoot);
  part("[data-camera-again]").addEventListener("click", start);
  part("[data-camera-keep]").addEventListener("click", keep);
  part("[data-camera-close]").addEventListener("click", () => box.close());
  part("[data-camera-turn]").addEventListener("click", () => { facing = facing === "user" ? "environment" : "user"; start(); });
  box.addEventListener("close", stop);
}
