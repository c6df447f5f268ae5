// The clinic's own script: with the widget there, its links to the talk open it; without, they are followed as they stand.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-ask]");
  const chat = document.querySelector("supple-chat");
  if (!link || !chat?.open) return;
  event.preventDefault();
  chat.open();
});
