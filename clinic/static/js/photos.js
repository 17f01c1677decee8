/* Photos: a chosen picture is sent at once; two photos under one slider. Works without: the button sends, the pair stands
   side by side. */

document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=file][data-send]") && event.target.files.length) event.target.form.requestSubmit();
});

document.querySelectorAll("[data-slide]").forEach((slide) => {
  const range = slide.querySelector("[data-slider]");
  const top = slide.querySelector(".top");
  const show = () => top.style.setProperty("clip-path", `inset(0 0 0 ${100 - Number(range.value)}%)`);
  slide.hidden = false;
  range.addEventListener("input", show);
  show();
});
